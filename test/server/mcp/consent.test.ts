import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

import { startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { MCP_HEADERS, type TestApp, startTestApp } from '../../support/test-app';

const RULE = {
  name: 'rucio_add_rule',
  arguments: {
    dids: 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root.387612044',
    rse_expression: 'TRIUMF-LCG2_MCTAPE',
    lifetime: 86_400,
  },
};

let demo: Awaited<ReturnType<typeof startDemoRucio>>;
/** Two replicas of one deployment: they share the bearer. */
let replicas: TestApp[];

beforeAll(async () => {
  demo = await startDemoRucio();
  replicas = [await start(), await start()];
});
afterAll(async () => {
  for (const app of replicas) await app.close();
  await demo.close();
});

const start = () =>
  startTestApp({
    rucioUrl: demo.url,
    change: (document) => ({ ...document, readOnly: false }),
  });

interface Asked {
  readonly client: Client;
  readonly questions: string[];
}

/** A client of 2026-07-28 whose user answers questions so. */
async function asking(app: TestApp, answer: object): Promise<Asked> {
  const questions: string[] = [];
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: 'auto' }, capabilities: { elicitation: { form: {} } } },
  );
  client.setRequestHandler('elicitation/create', ({ params }) => {
    questions.push(params.message);
    return answer as { action: 'accept' };
  });
  const requestInit = { headers: { authorization: MCP_HEADERS.authorization } };
  await client.connect(new StreamableHTTPClientTransport(new URL(app.endpoint), { requestInit }));
  return { client, questions };
}

async function plain(app: TestApp): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: 'auto' } },
  );
  const requestInit = { headers: { authorization: MCP_HEADERS.authorization } };
  await client.connect(new StreamableHTTPClientTransport(new URL(app.endpoint), { requestInit }));
  return client;
}

const textOf = (result: { content?: unknown }) =>
  (result.content as { text: string }[]).map(({ text }) => text).join('');

describe('consent to a change', () => {
  it.each([
    ['declines', { action: 'decline' }],
    ['cancels', { action: 'cancel' }],
    ['does not tick the box', { action: 'accept', content: { confirm: false } }],
  ])('a user who %s ends it; nothing is changed', async (_, answer) => {
    const { client, questions } = await asking(replicas[0]!, answer);
    const result = await client.callTool(RULE);
    expect(questions).toHaveLength(1);
    expect(questions[0]).toContain('tape is among its targets');
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/^\[NOT_CONFIRMED\] The user declined rucio_add_rule/);
    await client.close();
  });

  it('a client that can not ask gets a token, which another replica takes', async () => {
    const [first, second] = [await plain(replicas[0]!), await plain(replicas[1]!)];
    const asked = (await first.callTool(RULE)).structuredContent as Record<string, unknown>;
    expect(asked).toMatchObject({ changed: false, confirm: expect.any(String) as string });
    const { confirm } = asked;
    const foreign = await second.callTool({
      name: RULE.name,
      arguments: { ...RULE.arguments, copies: 2, confirm },
    });
    expect(textOf(foreign)).toMatch(/^\[NOT_CONFIRMED\]/);
    // The robot has no quota on tape: Rucio refuses, so that the consent was taken.
    const taken = await second.callTool({
      name: RULE.name,
      arguments: { ...RULE.arguments, confirm },
    });
    expect(textOf(taken)).toMatch(/^\[QUOTA\]/);
    await first.close();
    await second.close();
  });

  it('a user who agrees is asked once, and the change is tried', async () => {
    const { client, questions } = await asking(replicas[0]!, {
      action: 'accept',
      content: { confirm: true },
    });
    const result = await client.callTool(RULE);
    expect(questions).toHaveLength(1);
    expect(textOf(result)).toMatch(/^\[QUOTA\]/);
    const metrics = await (await fetch(`${replicas[0]!.metricsUrl}/metrics`)).text();
    expect(metrics).toMatch(/tool_calls_total\{site="demo",tool="rucio_add_rule",status="asked"\}/);
    await client.close();
  });
});
