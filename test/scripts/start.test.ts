import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { freePorts } from '../../scripts/pod/free-ports';
import { eventually } from '../support/eventually';
import { READ_TOOLS } from '../support/read-tools';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

/** The command as people type it. */
function launch(...args: string[]): { child: ChildProcess; output: () => string } {
  const child = spawn('npm', ['start', '--', ...args], { cwd: ROOT });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return { child, output: () => output };
}

async function ended(child: ChildProcess): Promise<unknown> {
  return child.exitCode ?? (await once(child, 'close'))[0];
}

test('starts, can be tried with the printed line, and stops with code 0', async () => {
  const [port = 0] = await freePorts(1);
  const { child, output } = launch('--port', String(port));
  try {
    await eventually(() => output().includes('Ctrl-C') || child.exitCode !== null);
    expect(output()).toContain(`http://127.0.0.1:${port}/site/demo/`);

    const json = /^ {4}\{\n[^]*^ {4}\}$/m.exec(output())?.[0] ?? '';
    const [, url = '', bearer = ''] = /npm run try -- (\S+) (\S+)/.exec(output()) ?? [];
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
    child.kill('SIGINT');
  }
  expect(await ended(child)).toBe(0);
  expect(output()).toMatch(/Stopping \.\.\.\n {2}Stopped\.\n$/);
}, 60_000);

test('a port that is taken is told, and nothing is left running', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  try {
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { child, output } = launch('--port', String(port));
    expect(await ended(child)).toBe(1);
    expect(output()).toContain(`port ${port} is taken; choose another one with --port`);
  } finally {
    taken.close();
  }
}, 60_000);

test('a port that is none is refused', async () => {
  const { child, output } = launch('--port', '70000');
  expect(await ended(child)).toBe(1);
  expect(output()).toContain('write a number from 1 to 65535');
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
