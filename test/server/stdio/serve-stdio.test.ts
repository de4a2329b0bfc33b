import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type DemoRucio, startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { RUCIO_MCP, rucioMcp } from '../../support/run-command-line';
import { tokenFor } from '../../rucio-contract/answer';

describe('rucio-mcp serve, over stdio', () => {
  let demo: DemoRucio;
  let directory: string;
  let env: Record<string, string>;
  const clients: Client[] = [];

  beforeAll(async () => {
    demo = await startDemoRucio();
    directory = await mkdtemp(join(tmpdir(), 'serve-stdio-'));
    const file = join(directory, 'rucio.cfg');
    await writeFile(
      file,
      `[client]
rucio_host = ${demo.url}
auth_host = ${demo.url}
account = jdoe
auth_type = userpass
username = jdoe
password = secret2
`,
    );
    env = { RUCIO_CONFIG: file };
  });
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
  afterAll(async () => {
    await demo.close();
    await rm(directory, { recursive: true });
  });

  async function connect(args: readonly string[] = [], more: Record<string, string> = {}) {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [RUCIO_MCP, 'serve', ...args],
      env: { ...env, ...more },
      stderr: 'pipe',
    });
    let log = '';
    transport.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const client = new Client({ name: 'test', version: '1' });
    clients.push(client);
    await client.connect(transport);
    return { client, log: () => log };
  }

  async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
    const result = await client.callTool({ name, arguments: args });
    const [block] = result.content as { text: string }[];
    return { isError: result.isError ?? false, text: block?.text ?? '' };
  }

  test('works as the user of rucio.cfg', async () => {
    const { client } = await connect(['--site', 'home']);
    const { text } = await call(client, 'rucio_whoami');
    expect(JSON.parse(text)).toMatchObject({ account: 'jdoe', site: 'home', writes_allowed: true });
    const { text: dids } = await call(client, 'rucio_list_dids', { did_pattern: 'user.jdoe:*' });
    expect(dids).toContain('analysis/2026/higgs/limits_v2');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('rucio_add_rule');
  });

  test('--read-only lists nothing that changes anything, and refuses it', async () => {
    const { client } = await connect(['--read-only']);
    const { tools } = await client.listTools();
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([]);
    const args = { rule_id: '0'.repeat(32) };
    const { isError, text } = await call(client, 'rucio_delete_rule', args);
    expect(isError).toBe(true);
    expect(text).toContain('READ_ONLY');
  });

  test('--toolsets chooses what is listed', async () => {
    const { client } = await connect(['--toolsets', 'session']);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('rucio_ping');
    expect(tools.length).toBeLessThan(5);
  });

  test('a bearer token of another program is enough', async () => {
    const token = await tokenFor(demo.url, 'robot');
    const { client } = await connect(['--auth-type', 'oidc', '--account', 'robot'], {
      BEARER_TOKEN: token,
    });
    const { text } = await call(client, 'rucio_whoami');
    expect(JSON.parse(text)).toMatchObject({ account: 'robot' });
  });

  test('a bearer token that is missing is told to the model', async () => {
    const { client } = await connect(['--auth-type', 'oidc'], { BEARER_TOKEN_FILE: '/nowhere/bt' });
    const { isError, text } = await call(client, 'rucio_whoami');
    expect(isError).toBe(true);
    expect(text).toContain('Looked at /nowhere/bt');
  });

  test('logs go to standard error only, and have no password', async () => {
    const { client, log } = await connect(['--log-level', 'debug']);
    await call(client, 'rucio_whoami');
    expect(log()).toContain('rucio-mcp is ready');
    expect(log()).not.toContain('secret2');
  });

  test('ends when the client closes its end', async () => {
    const child = spawn(process.execPath, [RUCIO_MCP, 'serve'], { env, stdio: 'pipe' });
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.stdin.end();
    expect(await closed).toBe(0);
  });

  test('a signal ends it as well', async () => {
    const child = spawn(process.execPath, [RUCIO_MCP, 'serve', '--log-level', 'info'], { env });
    const closed = new Promise((resolve) => child.once('close', resolve));
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.kill('SIGTERM');
    expect(await closed).toBe(0);
  });

  test.each([
    ['HTTP', ['serve', '--transport', 'http'], 'HTTP is served by the pod'],
    ['an unknown option', ['serve', '--acount', 'x'], '--account'],
    ['an unknown toolset', ['serve', '--toolsets', 'everything'], 'is none of core'],
    ['an unknown command', ['start'], 'unknown command'],
    ['a file that is not there', ['serve', '--rucio-cfg', '/nowhere/rucio.cfg'], 'ENOENT'],
  ])('%s is refused before anything starts', async (_, args, message) => {
    const { code, stdout, stderr } = await rucioMcp(args, env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });
});
