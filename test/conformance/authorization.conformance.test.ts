import { spawn } from 'node:child_process';

import { freePorts } from '../../scripts/pod/free-ports';
import { linkOf } from '../oidc/browser';
import { registerTestClient } from '../oidc/oidc-app';
import { Scene } from '../oidc/scene';
import { conformanceCommand } from '../support/conformance-suite';
import { describeWith } from '../support/requirements';

/** Where the suite asks for a browser. */
const ADDRESS = /https?:\/\/\S+\/authorize\?\S+/;

describeWith(
  'conformance',
  'the official conformance suite, against the authorization server',
  (suite) => {
    let scene: Scene;
    beforeEach(async () => {
      scene = await Scene.open();
      scene.rucio.signIn('jdoe');
    });
    afterEach(() => scene.close());

    /** The user goes through the pages; then the suite gets its answer. */
    async function signIn(url: string): Promise<void> {
      const { browser } = scene;
      const bridge = await browser.submit(await browser.open(url), { decision: 'allow' });
      const done = await browser.submit(await browser.submit(bridge), { decision: 'continue' });
      await fetch(linkOf(done, /Back to/));
    }

    function run(args: readonly string[]): Promise<string> {
      const [program, script] = conformanceCommand(suite);
      const child = spawn(program, [script, 'authorization', '--url', scene.app.issuer, ...args]);
      let output = '';
      let asked = false;
      return new Promise((resolve, reject) => {
        const read = (data: Buffer) => {
          output += data.toString();
          const address = ADDRESS.exec(output)?.[0];
          if (address === undefined || asked) return;
          asked = true;
          signIn(address).catch(reject);
        };
        child.stdout.on('data', read);
        child.stderr.on('data', read);
        child.once('error', reject);
        child.once('exit', () => resolve(output));
      });
    }

    test('its metadata, and a whole authorization code grant', async () => {
      const [port = 0] = await freePorts(1);
      const redirect = `http://127.0.0.1:${port}/callback`;
      const { id } = await registerTestClient(scene.app.issuer, { redirect_uris: [redirect] });
      const output = await run([
        ...['--client-id', id, '--resource', scene.app.issuer, '--port', String(port)],
      ]);
      expect(output).toContain('authorization-server-metadata-endpoint: 2 passed, 0 failed');
      expect(output).toMatch(/authorization-code-grant: [1-9]\d* passed, 0 failed/);
    }, 60_000);
  },
);
