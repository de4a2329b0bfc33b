import { SEED_IDENTITIES } from '../../server/demo/seed-accounts';
import { type RealRucio, startRealRucio } from '../support/real-rucio/start-real-rucio';
import { describeWith } from '../support/requirements';
import { answerOf } from '../support/test-app';
import { type OidcApp, mcp, startOidcApp } from './oidc-app';

describeWith('real-rucio', 'clients bring the token of a real Rucio', (directory) => {
  let one: RealRucio;
  let two: RealRucio;
  let app: OidcApp;
  beforeAll(async () => {
    [one, two] = [await startRealRucio(directory), await startRealRucio(directory)];
    app = await startOidcApp(one.url, {
      change: (document) => ({
        ...document,
        sites: document.sites.map((site) =>
          site.name === 'two' ? { ...site, rucioHost: two.url, authHost: two.url } : site,
        ),
        auth: { mode: 'oidc', tokenFormat: 'passthrough', sealingKeysFile: null },
      }),
    });
  }, 120_000);
  afterAll(async () => {
    await app.close();
    await Promise.all([one.stop(), two.stop()]);
  });

  /** A session as the user's own Rucio client opens it. */
  async function signIn({ url }: RealRucio, account: string): Promise<string> {
    const person = SEED_IDENTITIES.find(({ accounts }) => accounts.includes(account));
    const login = await fetch(`${url}/auth/userpass`, {
      headers: {
        'X-Rucio-Account': account,
        'X-Rucio-Username': person?.username ?? '',
        'X-Rucio-Password': person?.password ?? '',
      },
    });
    return login.headers.get('X-Rucio-Auth-Token') ?? '';
  }

  const call = (token: string, name: string, site = 'one') =>
    mcp(`${app.url}/site/${site}`, token, 'tools/call', { name, arguments: {} });

  test('each user works as themselves, and sees the end of the session', async () => {
    for (const account of ['jdoe', 'robot']) {
      const token = await signIn(one, account);
      expect(await answerOf(await call(token, 'rucio_whoami'))).toMatchObject({
        result: { structuredContent: { account } },
      });
      expect(await answerOf(await call(token, 'rucio_token_info'))).toMatchObject({
        result: { structuredContent: { account, site: 'one', expired: false } },
      });
    }
  });

  test("foreign token, another site's token: refused by the Rucio that is asked", async () => {
    const token = await signIn(two, 'jdoe');
    expect((await call(token, 'rucio_whoami', 'two')).status).toBe(200);
    const refused = await call(token, 'rucio_whoami');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect((await call('jdoe-nobody-unknown-0123456789abcdef', 'rucio_whoami')).status).toBe(401);
    expect((await call('eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.', 'rucio_whoami')).status).toBe(401);
  });

  test('expired token: refused', async () => {
    const token = await signIn(one, 'jdoe');
    await one.expireToken(token);
    expect((await call(token, 'rucio_whoami')).status).toBe(401);
  });
});
