import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';

/** A proxy of RFC 3820 with VOMS attributes, and the certificate that it was made from. */
const PROXY = join(__dirname, '../../../support/tls/voms-proxy.pem');

let rucio: RucioOnFaultServer;

beforeAll(async () => {
  rucio = await rucioOnFaultServer();
});
afterAll(() => rucio.close());

describe('rucio_voms_proxy_info', () => {
  const info = (readProxy?: () => Promise<string>) =>
    runTool('rucio_voms_proxy_info', {}, rucio, { session: { scopes: [], readProxy } });

  it('tells whose proxy it is, its VO, attributes and end', async () => {
    expect(await info(() => readFile(PROXY, 'utf8'))).toEqual({
      has_proxy: true,
      identity: '/DC=ch/O=Example/CN=Robot One',
      subject: '/DC=ch/O=Example/CN=Robot One/CN=123456',
      issuer: '/DC=ch/O=Example/CN=Robot One',
      key_bits: 2048,
      expires_at: '2125-06-20T00:40Z',
      expired: false,
      vo: 'atlas',
      attributes: ['/atlas/Role=production/Capability=NULL', '/atlas/Role=NULL/Capability=NULL'],
    });
  });

  it('says that a certificate has no VOMS attributes', async () => {
    const pem = (await readFile(PROXY, 'utf8')).split(/(?<=-----END CERTIFICATE-----\n)/)[1] ?? '';
    expect(await info(() => Promise.resolve(pem))).toMatchObject({
      identity: '/DC=ch/O=Example/CN=Robot One',
      vo: null,
      attributes: [],
      note: 'the proxy has no VOMS attributes',
    });
  });

  it('says that there is no proxy', async () => {
    expect(await info()).toMatchObject({ has_proxy: false });
  });

  it.each(['', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'tells the operator of a file that is none, and shows nothing of it',
    async (pem) => {
      const error = await toolFailure(info(() => Promise.resolve(pem)));
      expect(error).toMatchObject({ code: 'INTERNAL' });
      expect(error.publicMessage).not.toContain('AAAA');
    },
  );
});

describe('rucio_token_info', () => {
  it('tells account, scopes and end of the session', async () => {
    const session = { scopes: ['rucio:read'], expiresAt: new Date('2125-01-02T03:04:05Z') };
    const answer = await runTool('rucio_token_info', {}, rucio, { session, account: 'jdoe' });
    expect(answer).toEqual({
      account: 'jdoe',
      site: 'test',
      scopes: ['rucio:read'],
      writes_allowed: false,
      expires_at: '2125-01-02T03:04Z',
      expired: false,
    });
  });
});
