import { READ_TOOLS } from '../support/read-tools';
import { describeWith } from '../support/requirements';
import { CALLBACK, answerIn } from './oidc-app';
import { runPythonClient } from './run-python-client';
import { Scene } from './scene';

// The environment of the Python server has the official Python SDK in it.
describeWith('python-server', 'the official Python SDK', (environment) => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open({ change: (document) => ({ ...document, readOnly: true }) });
  });
  afterEach(() => scene.close());

  /** The user goes through the pages; the query of the answer. */
  async function signIn(url: string): Promise<URLSearchParams> {
    scene.rucio.signIn('jdoe');
    const { browser } = scene;
    const bridge = await browser.submit(await browser.open(url), { decision: 'allow' });
    const done = await browser.submit(await browser.submit(bridge), { decision: 'continue' });
    return answerIn(done);
  }

  test.each(['', '/'])(
    'discovers, registers, signs its user in, calls a tool and renews, at a URL with "%s" at its end',
    async (end) => {
      let signIns = 0;
      const site = { url: scene.app.issuer + end, redirectUri: CALLBACK };
      const result = await runPythonClient(environment, site, (url) => {
        signIns += 1;
        return signIn(url);
      });
      // The second tokens came by renewal: nobody was asked again.
      expect(signIns).toBe(1);
      // A user has a token, where a robot has a proxy certificate.
      const tools = READ_TOOLS.map((name) =>
        name === 'rucio_voms_proxy_info' ? 'rucio_token_info' : name,
      );
      expect(result).toEqual({ tools, accounts: ['jdoe', 'jdoe'], issued: 2 });
    },
    60_000,
  );
});
