import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type RealRucio, startRealRucio } from '../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../support/requirements';
import { rucioMcp } from '../../support/run-command-line';
import { whoamiByStdio } from '../../support/serve-stdio';

describeWith('real-rucio', 'the command rucio-mcp with a real Rucio', (dir) => {
  let real: RealRucio;
  let env: Record<string, string>;

  beforeAll(async () => {
    real = await startRealRucio(dir);
    const file = join(real.directory, 'client.cfg');
    await writeFile(
      file,
      `[client]
rucio_host = ${real.url}
account = jdoe
auth_type = userpass
username = jdoe
password = secret2
`,
    );
    env = { RUCIO_CONFIG: file };
  }, 60_000);
  afterAll(() => real.stop());

  test('doctor finds nothing', async () => {
    const { code, stdout } = await rucioMcp(['doctor'], env);
    expect(stdout).toContain(`ok       version: Rucio ${real.version}`);
    expect(stdout).toContain('ok       login: signed in at Rucio as jdoe');
    expect(code).toBe(0);
  }, 30_000);

  test('serve works as the user', async () => {
    const { content } = await whoamiByStdio(env);
    expect(JSON.stringify(content)).toContain('jane.doe@demo.example.org');
  }, 30_000);
});
