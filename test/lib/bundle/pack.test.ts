import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

import { packBundle, toManifest } from '../../../lib/bundle/pack';
import { readBundle } from '../../../lib/bundle/read';
import { ORIGIN } from '../synth';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rucio-mcp-bundle-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const server = randomBytes(1000);

function writeBundle(): void {
  const bundle = packBundle(server, ORIGIN, { maxChunkBytes: 400 });
  for (const { file, content } of bundle.chunks) writeFileSync(join(directory, file), content);
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(toManifest(bundle)));
}

test('cuts into chunks that give the file again', () => {
  const bundle = packBundle(server, ORIGIN, { maxChunkBytes: 400 });
  expect(bundle.chunks.map(({ file }) => file)).toEqual(['00.br', '01.br', '02.br']);
  const joined = Buffer.concat(bundle.chunks.map(({ content }) => content));
  expect(brotliDecompressSync(joined).equals(server)).toBe(true);
});

test('gives the same bytes for the same file', () => {
  expect(packBundle(server, ORIGIN)).toEqual(packBundle(server, ORIGIN));
});

test('refuses what does not fit into four ConfigMaps', () => {
  expect(() => packBundle(server, ORIGIN, { maxChunkBytes: 200 })).toThrow(
    /has \d+ bytes and needs 6 ConfigMaps, but 4 is the most/,
  );
});

test('reads back what was written', () => {
  writeBundle();
  expect(readBundle(directory)).toEqual(packBundle(server, ORIGIN, { maxChunkBytes: 400 }));
});

test('refuses a directory without a bundle, and says what to do', () => {
  expect(() => readBundle(directory)).toThrow(
    `the server bundle is incomplete: can not read ${directory}/manifest.json\n` +
      'next: run "npm run build"',
  );
});

test('refuses a changed chunk', () => {
  writeBundle();
  writeFileSync(join(directory, '01.br'), 'changed');
  expect(() => readBundle(directory)).toThrow(
    `${directory}/01.br is not the file that the build wrote`,
  );
});

test('refuses a damaged manifest', () => {
  writeBundle();
  writeFileSync(join(directory, 'manifest.json'), '{"version": "1.2.3"}');
  expect(() => readBundle(directory)).toThrow(
    `${directory}/manifest.json is not a bundle manifest`,
  );
});
