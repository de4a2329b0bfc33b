import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { MOUNTS, PATHS, SERVER_DOCUMENT_FILE } from '../../lib/contract/endpoints';
import { METRICS } from '../../lib/contract/metrics';
import { OTHER_METRICS } from '../../lib/monitoring/promql';
import { type DemoRucio, startDemoRucio } from '../../server/demo/start-demo-rucio';
import { eventually } from '../support/eventually';
import { type FaultServer, json, rucioError, startFaultServer } from '../support/fault-server';
import { metricValue } from '../support/metric-value';
import { MCP_HEADERS, message } from '../support/test-app';
import { type DemoPod, type DemoPodOptions, readyDemoPod } from './demo-pod';

/** Users who call one after the other until they are told to end. */
const USERS = 16;

let demo: DemoPod;
afterEach(() => demo.pod.stop(), 60_000);

const metrics = async () => (await fetch(demo.pod.url(PATHS.metrics, 'metrics'))).text();

async function call(bearer: string, tool: string): Promise<string> {
  const response = await fetch(demo.endpoint, {
    method: 'POST',
    headers: { ...MCP_HEADERS, authorization: `Bearer ${bearer}` },
    body: message('tools/call', { name: tool, arguments: {} }),
  });
  const text = await response.text();
  return response.status === 200 ? text : String(response.status);
}

/** Keeps users calling until the returned function is called; it tells all their answers. */
function load(one: () => Promise<string>): () => Promise<string[]> {
  const state = { isOver: false };
  const user = async () => {
    const answers: string[] = [];
    while (!state.isOver) answers.push(await one());
    return answers;
  };
  const users = Promise.all(Array.from({ length: USERS }, user));
  return async () => {
    state.isOver = true;
    return (await users).flat();
  };
}

const isGood = (answer: string) => answer.includes('"structuredContent"');
const problems = (answers: readonly string[]) => answers.filter((answer) => !isGood(answer));

describe('with the Rucio of the demo', () => {
  let rucio: DemoRucio;
  beforeAll(async () => {
    rucio = await startDemoRucio();
  });
  afterAll(() => rucio.close());

  const start = async (options: Omit<DemoPodOptions, 'rucioUrl'> = {}) => {
    demo = await readyDemoPod({ rucioUrl: rucio.url, ...options });
  };

  test('the bearer is rotated under load: each of the two works in its time, nothing else fails', async () => {
    await start();
    const current = { bearer: demo.bearer };
    const end = load(async () => {
      const { bearer } = current;
      return `${bearer === demo.bearer ? 'old' : 'new'} ${await call(bearer, 'rucio_whoami')}`;
    });
    const rotated = 'fedcba9876543210fedcba9876543210';
    await demo.pod.updateSecret('rucio-mcp-bearer', { 'shared-secret': rotated });
    await eventually(async () => (await call(rotated, 'rucio_whoami')).includes('robot'));
    current.bearer = rotated;
    // Wrong bearers are limited by address; the right one never is.
    const refusals = ['401', '429'];
    expect(refusals).toContain(await call(demo.bearer, 'rucio_whoami'));
    const answers = await end();
    const refused = refusals.map((status) => `old ${status}`);
    expect(problems(answers).filter((answer) => !refused.includes(answer))).toEqual([]);
    const { name } = METRICS.secretReloads;
    expect(metricValue(await metrics(), name, { secret: 'bearer', outcome: 'ok' })).toBe(1);
  }, 60_000);

  test('the configuration is changed under a running pod: it goes on as it was started', async () => {
    await start();
    const file = join(demo.pod.root, MOUNTS.config, SERVER_DOCUMENT_FILE);
    const document = JSON.parse(await readFile(file, 'utf8')) as object;
    for (const changed of [JSON.stringify({ ...document, sites: [] }), 'no JSON at all']) {
      await writeFile(file, changed);
      expect(isGood(await call(demo.bearer, 'rucio_whoami'))).toBe(true);
      expect((await fetch(demo.pod.url(PATHS.readyz))).status).toBe(200);
    }
    expect(metricValue(await metrics(), METRICS.buildInfo.name)).toBe(1);
  }, 60_000);

  test('a change of the configuration makes new pods, since it changes their template', async () => {
    const templates: unknown[] = [];
    const manifests = (yaml: string) => {
      const objects = parseAllDocuments(yaml).map((entry) => entry.toJS() as Manifest);
      const deployment = objects.find(({ kind }) => kind === 'Deployment');
      templates.push(deployment?.spec?.template.metadata.annotations['checksum/config']);
      return yaml;
    };
    for (const logLevel of ['info', 'warning'] as const) {
      await start({ manifests, values: (values) => ({ ...values, logLevel }) });
      await demo.pod.stop();
    }
    expect(templates).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    expect(templates[0]).not.toBe(templates[1]);
  }, 60_000);

  test('the disk is full: a pod that can write no byte to any file starts, serves and ends', async () => {
    await start({ launcher: ['/bin/sh', '-c', 'ulimit -f 0 && exec "$@"', 'sh'] });
    const answers = await Promise.all(
      Array.from({ length: USERS }, () => call(demo.bearer, 'rucio_whoami')),
    );
    expect(problems(answers)).toEqual([]);
    expect(metricValue(await metrics(), METRICS.toolCalls.name, { status: 'ok' })).toBe(USERS);
    expect(await demo.pod.stop()).toEqual({ code: 0, signal: null });
  }, 60_000);

  test('Prometheus is down: no series is added for calls that nobody scrapes', async () => {
    await start();
    const names = async () =>
      (await metrics())
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.slice(0, line.lastIndexOf(' ')))
        .filter((name) => name.startsWith('rucio_mcp_'))
        .sort();
    await call(demo.bearer, 'rucio_whoami');
    const before = await names();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: USERS }, () => call(demo.bearer, 'rucio_whoami')));
    }
    expect(await names()).toEqual(before);
    const text = await metrics();
    expect(metricValue(text, METRICS.toolCalls.name, { status: 'ok' })).toBe(1 + 20 * USERS);
    expect(metricValue(text, OTHER_METRICS.residentMemory)).toBeGreaterThan(0);
  }, 60_000);
});

interface Manifest {
  readonly kind: string;
  readonly spec?: {
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
    };
  };
}

describe('with a Rucio that takes one password', () => {
  let rucio: FaultServer;
  /** What Rucio takes now; sessions that were opened with another one have ended. */
  let password: string;
  beforeEach(async () => {
    password = 'first';
    rucio = await startFaultServer();
    const refused = rucioError(401, 'CannotAuthenticate', 'Cannot authenticate');
    rucio.on('GET /auth/userpass', (exchange) => {
      const { request, response } = exchange;
      if (request.headers['x-rucio-password'] !== password) return refused(exchange);
      response.setHeader('x-rucio-auth-token', `session-opened-with-${password}`);
      response.setHeader('x-rucio-auth-token-expires', 'Tue, 01 Jan 2999 08:00:00 UTC');
      response.end();
      return undefined;
    });
    rucio.on('GET /accounts/whoami', (exchange) => {
      const { request, response } = exchange;
      if (request.headers['x-rucio-auth-token'] !== `session-opened-with-${password}`) {
        return refused(exchange);
      }
      response.writeHead(303, { location: 'robot' }).end();
      return undefined;
    });
    const account = { account: 'robot', account_type: 'SERVICE', status: 'ACTIVE', email: null };
    const dates = { created_at: '2026-01-01T00:00:00', updated_at: '2026-01-01T00:00:00' };
    rucio.on(
      'GET /accounts/robot',
      json({ ...account, ...dates, suspended_at: null, deleted_at: null }),
    );
  });
  afterEach(() => rucio.close());

  test("the robot's credential is rotated under load: no call fails, and the sign-in is counted", async () => {
    const secret = (value: string) => ({ username: 'robot', password: value });
    demo = await readyDemoPod({
      rucioUrl: rucio.url,
      secrets: { 'rucio-mcp-robot': secret('first') },
    });
    expect(isGood(await call(demo.bearer, 'rucio_whoami'))).toBe(true);
    const end = load(() => call(demo.bearer, 'rucio_whoami'));
    await demo.pod.updateSecret('rucio-mcp-robot', secret('second'));
    // As an administrator would: Rucio takes the new one from now on, and ends all sessions.
    password = 'second';
    const { name } = METRICS.rucioLogins;
    await eventually(async () => metricValue(await metrics(), name, { outcome: 'ok' }) >= 2);
    const answers = await end();
    expect(problems(answers)).toEqual([]);
    expect(answers.length).toBeGreaterThanOrEqual(USERS);
  }, 60_000);
});
