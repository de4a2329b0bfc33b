import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Finding, examine } from '../../../server/cli/doctor';
import { readLocalEnvironment } from '../../../server/cli/environment';
import { localSettings } from '../../../server/cli/local-settings';
import { type DemoRucio, startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { type FaultServer, html, json, startFaultServer } from '../../support/fault-server';
import { rucioMcp } from '../../support/run-command-line';

const CERTIFICATE = join(__dirname, '../../support/tls/loopback-cert.pem');
const KEY = join(__dirname, '../../support/tls/loopback-key.pem');

describe('rucio-mcp doctor', () => {
  let demo: DemoRucio;
  let directory: string;
  const servers: FaultServer[] = [];

  beforeAll(async () => {
    demo = await startDemoRucio();
  });
  afterAll(() => demo.close());
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doctor-'));
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
    await rm(directory, { recursive: true });
  });

  async function configured(client: Record<string, string>): Promise<Record<string, string>> {
    const all = {
      auth_host: client['rucio_host'] ?? demo.url,
      rucio_host: demo.url,
      account: 'jdoe',
      auth_type: 'userpass',
      username: 'jdoe',
      password: 'secret2',
      ...client,
    };
    const file = join(directory, 'rucio.cfg');
    const lines = Object.entries(all).map(([key, value]) => `${key} = ${value}\n`);
    await writeFile(file, `[client]\n${lines.join('')}`);
    return { RUCIO_CONFIG: file, HOME: directory };
  }

  /** The whole command. */
  async function run(client: Record<string, string> = {}) {
    return rucioMcp(['doctor', '--timeout', '5'], await configured(client));
  }

  /** The checks alone, with another clock. */
  async function findings(client: Record<string, string>, clock = Date.now): Promise<Finding[]> {
    const settings = localSettings({}, readLocalEnvironment(await configured(client)));
    const found: Finding[] = [];
    for await (const finding of examine(settings, { timeoutMs: 5000, clock })) found.push(finding);
    return found;
  }

  async function faultServer(tls?: boolean): Promise<FaultServer> {
    const [key, cert] = [await readFile(KEY, 'utf8'), await readFile(CERTIFICATE, 'utf8')];
    const server = await startFaultServer(tls === true ? { tls: { key, cert } } : {});
    servers.push(server);
    return server;
  }

  test('finds nothing where everything is well', async () => {
    const { code, stdout, stderr } = await run();
    expect(stdout.split('\n').map((line) => line.split(':')[0])).toEqual([
      'ok       configuration',
      'ok       dns',
      'ok       tls',
      'ok       version',
      'ok       clock',
      'ok       login',
      '',
    ]);
    expect(stdout).toContain('signed in at Rucio as jdoe');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('tells a wrong password, without repeating it', async () => {
    const { code, stdout } = await run({ password: 'a-wrong-one' });
    expect(stdout).toContain('PROBLEM  login: ');
    expect(stdout).toContain('check username and password, and that they belong to the account');
    expect(stdout).not.toContain('a-wrong-one');
    expect(code).toBe(1);
  });

  test('tells what the configuration lacks', async () => {
    const { code, stdout } = await rucioMcp(['doctor'], { HOME: directory, RUCIO_HOME: directory });
    expect(stdout).toContain('no rucio.cfg (looked for ');
    expect(stdout).toContain('rucio_host: is not set');
    expect(code).toBe(1);
  });

  test('tells a host without an address', async () => {
    const { code, stdout } = await run({ rucio_host: 'https://rucio.invalid' });
    expect(stdout).toContain('PROBLEM  dns: rucio.invalid has no address');
    expect(stdout).toContain('fix: check the spelling of the host');
    expect(code).toBe(1);
  });

  test('tells that nobody answers', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const found = await findings({ rucio_host: `http://127.0.0.1:${port}` });
    expect(found.at(-1)).toMatchObject({
      check: 'tls',
      status: 'problem',
      text: `127.0.0.1:${port} does not answer (ECONNREFUSED)`,
    });
  });

  test('tells a certificate that is not trusted', async () => {
    const { url } = await faultServer(true);
    const found = await findings({ rucio_host: url });
    expect(found.at(-1)).toMatchObject({
      check: 'tls',
      status: 'problem',
      text: expect.stringContaining('is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)') as string,
    });
  });

  test.each(['a file', 'a directory'])('trusts the authorities in %s', async (kind) => {
    await copyFile(CERTIFICATE, join(directory, '0a1b2c3d.0'));
    const server = await faultServer(true);
    server.on('GET /ping', json({ version: '40.1.0' }));
    const ca = kind === 'a file' ? CERTIFICATE : directory;
    const found = await findings({ rucio_host: server.url, ca_cert: ca });
    expect(found).toContainEqual({ check: 'version', status: 'ok', text: 'Rucio 40.1.0' });
  });

  test('tells authorities that are not there', async () => {
    const found = await findings({ ca_cert: join(directory, 'nowhere') });
    expect(found.at(-1)).toMatchObject({
      check: 'tls',
      status: 'problem',
      text: expect.stringContaining('can not be read (ENOENT)') as string,
    });
  });

  test('tells a server that is not Rucio', async () => {
    const server = await faultServer();
    server.on('GET /ping', html(200));
    const found = await findings({ rucio_host: server.url });
    expect(found.at(-1)).toMatchObject({ check: 'version', status: 'problem' });
  });

  test.each([
    ['34.6.0', 'older than 35'],
    ['42.0.0', 'newer than 41'],
    ['1.31.7', 'older than 35'],
  ])('warns of a server of version %s', async (version, why) => {
    const server = await faultServer();
    server.on('GET /ping', json({ version }));
    const [found] = (await findings({ rucio_host: server.url })).filter(
      ({ check }) => check === 'version',
    );
    expect(found).toMatchObject({ status: 'warning' });
    expect(found?.text).toContain(`Rucio ${version}: it is ${why}`);
  });

  test('tells a clock that is wrong', async () => {
    const found = await findings({}, () => Date.now() + 3_600_000);
    const clock = found.find(({ check }) => check === 'clock');
    expect(clock).toMatchObject({
      status: 'problem',
      remedy: expect.stringContaining('NTP') as string,
    });
  });

  test('tells a certificate that can not be read, and asks no server', async () => {
    const file = join(directory, 'usercert.pem');
    const found = await findings({ auth_type: 'x509', client_cert: file, client_key: file });
    expect(found.at(-1)).toMatchObject({
      check: 'credentials',
      status: 'problem',
      text: expect.stringContaining(`${file} can not be read (ENOENT)`) as string,
    });
  });
});
