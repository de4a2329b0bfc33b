import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePorts } from '../../scripts/pod/free-ports';
import { NpmCommand } from '../support/npm-command';
import { READ_TOOLS } from '../support/read-tools';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

const launch = (...args: string[]) => new NpmCommand('start', '--', ...args);

test('starts, can be tried with the printed line, and stops with code 0', async () => {
  const [port = 0] = await freePorts(1);
  const command = launch('--port', String(port));
  try {
    await command.told(/Ctrl-C/);
    expect(command.output).toContain(`http://127.0.0.1:${port}/site/demo/`);

    const json = /^ {4}\{\n[^]*^ {4}\}$/m.exec(command.output)?.[0] ?? '';
    const [, url = '', bearer = ''] = /npm run try -- (\S+) (\S+)/.exec(command.output) ?? [];
    expect(JSON.parse(json)).toEqual({
      mcpServers: {
        'rucio-demo': { type: 'http', url, headers: { Authorization: `Bearer ${bearer}` } },
      },
    });

    const line = ['run', '--silent', 'try', '--', url, bearer];
    const { stdout } = await run('npm', line, { cwd: ROOT });
    for (const name of READ_TOOLS) expect(stdout).toContain(name);
    expect(stdout).toContain('"account":"robot"');
  } finally {
    command.child.kill('SIGINT');
  }
  expect(await command.ended()).toBe(0);
  expect(command.output).toMatch(/Stopping \.\.\.\n {2}Stopped\.\n$/);
}, 60_000);

test('a port that is taken is told, and nothing is left running', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  try {
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const command = launch('--port', String(port));
    expect(await command.ended()).toBe(1);
    expect(command.output).toContain(`port ${port} is taken; choose another one with --port`);
  } finally {
    taken.close();
  }
}, 60_000);

test('a port that is none is refused', async () => {
  const command = launch('--port', '70000');
  expect(await command.ended()).toBe(1);
  expect(command.output).toContain('write a number from 1 to 65535');
});

test.each([
  [['--oidcc'], 'Did you mean --oidc?'],
  [['--login', 'code'], 'add --oidc, or leave --login out'],
  [['--oidc', '--login', 'paste'], 'Allowed choices are poll, code'],
])('%s is refused with advice', async (args, advice) => {
  const command = launch(...args);
  expect(await command.ended()).toBe(1);
  expect(command.output).toContain(advice);
  expect(command.output).not.toContain('Synthesizing');
});

test('without a build it says how to build', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-no-build-'));
  try {
    const script = join(directory, 'scripts', 'launch.mjs');
    await cp(join(ROOT, 'scripts', 'launch.mjs'), script);
    await expect(run(process.execPath, [script])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npm run build') as string,
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});
