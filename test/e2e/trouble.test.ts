import { READ_TOOLS } from '../support/read-tools';
import { parseAllDocuments, stringify } from 'yaml';

import type { ValuesInput } from '../../lib/contract/values/values';
import { freePorts } from '../../scripts/pod/free-ports';
import { type DemoRucio, startDemoRucio } from '../../server/demo/start-demo-rucio';
import { type DemoPod, readyDemoPod, startDemoPod } from './demo-pod';
import { type GatedRucio, startGatedRucio } from './gated-rucio';
import { CLIENTS } from './mcp-clients';

const [, , connect] = CLIENTS[1]!;

describe('Rucio is down when the pod starts', () => {
  let demo: DemoPod;
  beforeAll(async () => {
    const [closed = 0] = await freePorts(1);
    demo = await readyDemoPod({ rucioUrl: `http://127.0.0.1:${closed}` });
  }, 60_000);
  afterAll(() => demo.pod.stop(), 60_000);

  test.each(['rucio_whoami', 'rucio_ping'])('%s tells it, and what to do', async (tool) => {
    const client = await connect(demo.endpoint, demo.bearer);
    const { isError, text } = await client.callTool(tool);
    expect(isError).toBe(true);
    expect(text).toMatch(/^\[RUCIO_DOWN\] .*\nNext: /);
    await client.close();
  });

  test('the pod is healthy and ready, and lists its tools', async () => {
    const client = await connect(demo.endpoint, demo.bearer);
    expect((await client.listTools()).length).toBe(READ_TOOLS.length);
    expect((await fetch(demo.pod.url('/healthz'))).status).toBe(200);
    expect((await fetch(demo.pod.url('/readyz'))).status).toBe(200);
    await client.close();
  });
});

describe('Rucio hangs', () => {
  let rucio: GatedRucio;
  let demo: DemoPod;
  beforeEach(async () => {
    rucio = await startGatedRucio();
  });
  afterEach(async () => {
    rucio.release();
    await demo.pod.stop();
    await rucio.close();
  }, 60_000);

  test('nothing else waits for the call that hangs', async () => {
    demo = await readyDemoPod({ rucioUrl: rucio.url });
    const client = await connect(demo.endpoint, demo.bearer);
    const call = client.callTool('rucio_ping');
    await rucio.arrived;
    expect((await client.listTools()).length).toBe(READ_TOOLS.length);
    expect((await fetch(demo.pod.url('/healthz'))).status).toBe(200);
    expect((await fetch(demo.pod.url('/readyz'))).status).toBe(200);
    expect((await fetch(demo.pod.url('/metrics', 'metrics'))).status).toBe(200);
    rucio.release();
    expect((await call).structured).toEqual({ site: 'demo', server_version: '41.5.1' });
    await client.close();
  }, 60_000);

  test('the call ends with an error at the limit that the values set', async () => {
    const values = (given: ValuesInput): ValuesInput => ({ ...given, limits: { rucioSeconds: 1 } });
    demo = await readyDemoPod({ rucioUrl: rucio.url, values });
    const client = await connect(demo.endpoint, demo.bearer);
    const { isError, text } = await client.callTool('rucio_ping');
    expect(isError).toBe(true);
    expect(text).toMatch(/^\[RUCIO_DOWN\] .*\nNext: /);
    expect((await fetch(demo.pod.url('/readyz'))).status).toBe(200);
    await client.close();
  }, 60_000);
});

describe('a wrong server document', () => {
  const host = 'http://rucio.example.org';

  test('the pod ends with code 1 and with the messages that synth gives', async () => {
    const { pod } = await startDemoPod({
      rucioUrl: 'http://127.0.0.1:1',
      manifests: (yaml) =>
        withDocument(yaml, (document) => ({
          ...document,
          loglevel: 'info',
          sites: [{ ...document.sites[0], rucioHost: host }],
        })),
    });
    await expect(pod.ready()).rejects.toThrow('ended with code 1');
    const told = await refusal((values) => ({
      ...values,
      auth: {
        ...values.auth,
        sites: [{ name: 'demo', rucioHost: host, authHost: 'http://127.0.0.1:1' }],
      },
    }));
    expect(pod.output).toContain('2 problems in');
    expect(pod.output).toContain('loglevel');
    expect(pod.output).toContain('logLevel');
    expect(aboutHost(told)).toEqual([
      'rucioHost: plain http is allowed only for localhost, 127.0.0.0/8 and [::1]',
      '    expected: An https URL, e.g. https://rucio.example.org (http only on loopback addresses)',
    ]);
    expect(aboutHost(pod.output)).toEqual(aboutHost(told));
    expect(pod.output).not.toContain('    at ');
  });

  test('a bearer that is too short is refused at the start, and not shown', async () => {
    const { pod } = await startDemoPod({
      rucioUrl: 'http://127.0.0.1:1',
      values: (values) => ({
        ...values,
        auth: {
          ...values.auth,
          sharedSecret: { ...values.auth?.sharedSecret, existingSecretKey: 'weak' },
        },
      }),
      secrets: { 'rucio-mcp-bearer': { weak: 'hunter2' } },
    });
    await expect(pod.ready()).rejects.toThrow('ended with code 1');
    expect(pod.output).toContain('openssl rand -hex 32');
    expect(pod.output).not.toContain('hunter2');
  });
});

describe('two pods on one computer', () => {
  let rucio: DemoRucio;
  let pods: DemoPod[];
  beforeAll(async () => {
    rucio = await startDemoRucio();
    pods = await Promise.all([1, 2].map(() => readyDemoPod({ rucioUrl: rucio.url })));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(pods.map(({ pod }) => pod.stop()));
    await rucio.close();
  }, 60_000);

  test('have their own bearers, and one outlives the other', async () => {
    const [first, second] = pods as [DemoPod, DemoPod];
    await expect(connect(second.endpoint, first.bearer)).rejects.toThrow();
    const client = await connect(second.endpoint, second.bearer);
    expect(await first.pod.stop()).toEqual({ code: 0, signal: null });
    const { structured } = await client.callTool('rucio_whoami');
    expect(structured).toMatchObject({ account: 'robot' });
    await client.close();
  });
});

interface Document {
  readonly sites: readonly Record<string, unknown>[];
  readonly [key: string]: unknown;
}

/** The manifests with another server document in their ConfigMap. */
function withDocument(yaml: string, change: (document: Document) => unknown): string {
  const objects = parseAllDocuments(yaml).map((entry) => {
    const object = entry.toJS() as { data?: Record<string, string> };
    const text = object.data?.['server.json'];
    if (text === undefined) return object;
    const changed = JSON.stringify(change(JSON.parse(text) as Document));
    return { ...object, data: { ...object.data, 'server.json': changed } };
  });
  return objects.map((object) => stringify(object)).join('---\n');
}

/** What synth says about the values of the demo after a change for the worse. */
async function refusal(change: (values: ValuesInput) => ValuesInput): Promise<string> {
  let told = '';
  await startDemoPod({ rucioUrl: 'http://127.0.0.1:1', values: change }).catch((error: unknown) => {
    told = String(error);
  });
  return told;
}

/** Problem, expectation and remedy as told for `rucioHost`; the path before it may differ. */
function aboutHost(text: string): string[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.includes('rucioHost:'));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('    '));
  return lines
    .slice(start, end === -1 ? undefined : end)
    .map((line) => line.replace(/^.*rucioHost:/, 'rucioHost:'))
    .filter((line) => line !== '');
}
