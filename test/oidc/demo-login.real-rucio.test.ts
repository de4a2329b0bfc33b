import { SEED_PEOPLE } from '../../server/demo/seed-people';
import { describeWith } from '../support/requirements';
import { startDemoSide } from './demo-login';
import { LOGIN_SCENES, LoginPlay } from './login-play';
import { type RealLogin, startRealLogin } from './real-login';

describeWith('real-rucio', 'the demo Rucio signs users in as a real one does', (dir) => {
  let real: RealLogin;
  let demo: Awaited<ReturnType<typeof startDemoSide>>;

  beforeAll(async () => {
    const accounts = SEED_PEOPLE.map((person) => [person.subject, person.accounts] as const);
    [real, demo] = await Promise.all([
      startRealLogin(dir, Object.fromEntries(accounts)),
      startDemoSide(),
    ]);
  }, 120_000);
  afterAll(() => Promise.all([real.close(), demo.close()]));

  test.each(Object.entries(LOGIN_SCENES))(
    '%s',
    async (_, scene) => {
      const { url, provider } = real;
      const ageSessions = () => real.ageSessions();
      const truth = new LoginPlay({ url, issuer: provider.issuer, ageSessions });
      await scene(truth);
      const play = new LoginPlay(demo);
      await scene(play);
      expect(play.steps).toEqual(truth.steps);
      await Promise.all([truth.browser.close(), play.browser.close()]);
    },
    60_000,
  );
});
