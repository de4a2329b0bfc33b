import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ConfigError } from '../../../lib/contract/issues';
import { readCaBundle } from '../../../server/rucio/ca-bundle';

const CERTIFICATE = join(__dirname, '../../support/tls/loopback-cert.pem');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rucio-ca-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('a bundle, without what is around its certificates', async () => {
  const pem = (await readFile(CERTIFICATE, 'utf8')).trim();
  const file = join(directory, 'ca.pem');
  await writeFile(file, `# Our authority\n${pem}\n`);
  expect(readCaBundle('a', file)).toBe(`${pem}\n`);
});

test('a directory as grid sites have it: hashed links, policies, names that lead nowhere', async () => {
  const pem = (await readFile(CERTIFICATE, 'utf8')).trim();
  await writeFile(join(directory, 'Authority.pem'), pem);
  await writeFile(join(directory, 'Authority.signing_policy'), 'access_id_CA X509 /O=Demo');
  await symlink('Authority.pem', join(directory, '5168735f.0'));
  await symlink('missing.pem', join(directory, '99999999.0'));
  expect(readCaBundle('a', directory)).toBe(`${pem}\n`);
});

test.each([
  ['a file that is not there', 'missing.pem', /can not be read: ENOENT/],
  ['a directory without certificates', '', /has no certificate in PEM form/],
])('refuses %s', (_title, name, expected) => {
  const read = () => readCaBundle('a', join(directory, name));
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(expected);
  expect(read).toThrow('sites.a.caFile');
});
