import { startDemoRucio } from '../../server/demo/start-demo-rucio';
import { startDemoSide } from './demo-login';
import { LOGIN_SCENES, LoginPlay } from './login-play';

describe('the demo Rucio signs users in', () => {
  let demo: Awaited<ReturnType<typeof startDemoSide>>;

  beforeAll(async () => {
    demo = await startDemoSide();
  });
  afterAll(() => demo.close());

  test.each(Object.entries(LOGIN_SCENES))('%s', async (_, scene) => {
    const play = new LoginPlay(demo);
    await scene(play);
    expect(play.steps.length).toBeGreaterThan(2);
    await play.browser.close();
  });
});

test('an identity provider without TLS is taken on this computer only', async () => {
  const client = { clientId: 'rucio', clientSecret: 'not a secret' };
  await expect(
    startDemoRucio({ oidc: { ...client, issuer: 'http://idp.example.org' } }),
  ).rejects.toThrow('plain http is allowed only for localhost');
});

test('where the identity provider is away no login begins', async () => {
  const client = { clientId: 'rucio', clientSecret: 'not a secret' };
  const demo = await startDemoRucio({ oidc: { ...client, issuer: 'http://127.0.0.1:1' } });
  const answer = await fetch(`${demo.url}/auth/oidc`);
  expect(answer.status).toBe(500);
  expect(answer.headers.get('exceptionclass')).toBe('CannotAuthenticate');
  await demo.close();
});
