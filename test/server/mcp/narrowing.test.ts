import { TOOLS, TOOL_NAMES, type ToolEntry } from '../../../lib/contract/tools';
import { startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { readNarrowing } from '../../../server/mcp/narrowing';
import { MCP_HEADERS, type TestApp, answerOf, message, startTestApp } from '../../support/test-app';

let demo: Awaited<ReturnType<typeof startDemoRucio>>;
let writing: TestApp;
let reading: TestApp;

beforeAll(async () => {
  demo = await startDemoRucio();
  writing = await startTestApp({
    rucioUrl: demo.url,
    change: (document) => ({ ...document, readOnly: false }),
  });
  reading = await startTestApp({
    rucioUrl: demo.url,
    change: (document) => ({
      ...document,
      tools: { ...document.tools, toolsets: ['core', 'transfers'] },
    }),
  });
});
afterAll(async () => {
  await writing.close();
  await reading.close();
  await demo.close();
});

const post = (app: TestApp, body: string, headers: Record<string, string>) =>
  fetch(app.endpoint, { method: 'POST', headers: { ...MCP_HEADERS, ...headers }, body });

async function listed(app: TestApp, headers: Record<string, string> = {}): Promise<string[]> {
  const answer = await answerOf(await post(app, message('tools/list'), headers));
  return (answer['result'] as { tools: { name: string }[] }).tools.map(({ name }) => name);
}

const namesWhere = (is: (entry: ToolEntry) => boolean) =>
  TOOL_NAMES.filter((name) => {
    const entry: ToolEntry = TOOLS[name];
    return entry.authMode !== 'oidc' && is(entry);
  });

describe('the headers of a client', () => {
  it('choose toolsets and single tools, in the order of the catalogue', async () => {
    const headers = { 'X-MCP-Toolsets': ' Write, transfers', 'X-MCP-Tools': 'rucio_ping' };
    expect(await listed(writing, headers)).toEqual([
      ...namesWhere(({ toolsets }) => toolsets.includes('transfers')),
      'rucio_ping',
      ...namesWhere(({ access }) => access !== 'read'),
    ]);
  });

  it('without them everything is listed', async () => {
    expect(await listed(writing)).toEqual(namesWhere(() => true));
    expect(await listed(writing, { 'X-MCP-Toolsets': '', 'X-MCP-Readonly': 'false' })).toEqual(
      namesWhere(() => true),
    );
  });

  it('never add what the operator does not list', async () => {
    expect(await listed(reading, { 'X-MCP-Toolsets': 'all,transfers,write' })).toEqual(
      namesWhere(
        ({ access, toolsets }) =>
          access === 'read' && (toolsets.includes('core') || toolsets.includes('transfers')),
      ),
    );
    const headers = { 'X-MCP-Readonly': 'false', 'X-MCP-Tools': 'rucio_add_rule' };
    expect(await listed(reading, headers)).toEqual([]);
  });

  it('make a connection read-only: write tools are not listed, and refuse', async () => {
    const headers = { 'X-MCP-Readonly': 'true' };
    expect(await listed(writing, headers)).toEqual(namesWhere(({ access }) => access === 'read'));
    const call = message('tools/call', {
      name: 'rucio_delete_rule',
      arguments: { rule_id: '0'.repeat(32) },
    });
    const answer = await answerOf(await post(writing, call, headers));
    expect(answer).toMatchObject({
      result: {
        isError: true,
        content: [{ type: 'text', text: expect.stringMatching(/^\[READ_ONLY\]/) as string }],
      },
    });
    const allowed = await answerOf(await post(writing, call, {}));
    expect(JSON.stringify(allowed)).toContain('[RULE_NOT_FOUND]');
  });

  it('do not keep a tool from being called that is only not listed', async () => {
    const call = message('tools/call', { name: 'rucio_whoami', arguments: {} });
    const answer = await answerOf(await post(writing, call, { 'X-MCP-Tools': 'rucio_ping' }));
    expect(answer).toMatchObject({ result: { structuredContent: { account: 'robot' } } });
  });

  it.each([
    ['X-MCP-Toolsets', 'cor', '"cor" is unknown; did you mean core?'],
    ['X-MCP-Tools', 'rucio_pin', '"rucio_pin" is unknown; did you mean rucio_ping?'],
    ['X-MCP-Readonly', 'perhaps', '"perhaps" is neither true nor false.'],
  ])('are refused when they are wrong: %s: %s', async (header, value, problem) => {
    const response = await post(writing, message('tools/list'), { [header]: value });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_600, message: `${header}: ${problem}` },
    });
  });

  it('tell all that is wrong at once, and never repeat control characters', () => {
    const values: Record<string, string> = { 'X-MCP-Toolsets': 'x\u0007y,zzz', 'X-MCP-Tools': 'q' };
    const result = readNarrowing((name) => values[name]);
    expect(result).toEqual({
      ok: false,
      problem:
        'X-MCP-Toolsets: "x\\u{7}y" is unknown. X-MCP-Toolsets: "zzz" is unknown. ' +
        'X-MCP-Tools: "q" is unknown.',
    });
  });
});
