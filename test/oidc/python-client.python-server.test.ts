import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { READ_TOOLS } from '../support/read-tools';
import { describeWith } from '../support/requirements';
import { answerIn } from './oidc-app';
import { Scene } from './scene';

const SCRIPT = join(__dirname, 'python-client.py');

// The environment of the Python server has the official Python SDK in it.
describeWith('python-server', 'the official Python SDK', (environment) => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open({ change: (document) => ({ ...document, readOnly: true }) });
  });
  /** Programs that a failed test may have left waiting for an answer. */
  const running: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    }
    await scene.close();
  });

  /** The user goes through the pages; the query of the answer. */
  async function signIn(url: string): Promise<string> {
    scene.rucio.signIn('jdoe');
    const { browser } = scene;
    const bridge = await browser.submit(await browser.open(url), { decision: 'allow' });
    const done = await browser.submit(await browser.submit(bridge), { decision: 'continue' });
    return answerIn(done).toString();
  }

  test.each(['', '/'])(
    'discovers, registers, signs its user in, calls a tool and renews, at a URL with "%s" at its end',
    async (end) => {
      const python = spawn(join(environment, 'bin', 'python'), [SCRIPT, scene.app.issuer + end]);
      running.push(python);
      let errors = '';
      let signIns = 0;
      python.stderr.on('data', (data: Buffer) => (errors += data.toString()));
      const result = await new Promise<unknown>((resolve, reject) => {
        createInterface(python.stdout).on('line', (line) => {
          const [word, ...rest] = line.split(' ');
          if (word === 'result') resolve(JSON.parse(rest.join(' ')));
          if (word === 'open') {
            signIns += 1;
            signIn(rest.join(' ')).then((query) => python.stdin.write(`${query}\n`), reject);
          }
        });
        python.once('error', reject);
        python.once('exit', (code) => reject(new Error(`python ended with ${code}:\n${errors}`)));
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
