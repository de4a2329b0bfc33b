import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { TOOLS, TOOL_NAMES, type ToolEntry } from '../../../lib/contract/tools';
import { startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { MCP_HEADERS, type TestApp, answerOf, message, startTestApp } from '../../support/test-app';

let demo: Awaited<ReturnType<typeof startDemoRucio>>;
let app: TestApp;

beforeAll(async () => {
  demo = await startDemoRucio();
  app = await startTestApp({ rucioUrl: demo.url });
});
afterAll(async () => {
  await app.close();
  await demo.close();
});

const READ_TOOLS = TOOL_NAMES.filter((name) => {
  const { access, authMode = 'sharedSecret' }: ToolEntry = TOOLS[name];
  return access === 'read' && authMode === 'sharedSecret';
});

const bearer = { headers: { authorization: MCP_HEADERS.authorization } };

async function legacyClient(): Promise<LegacyClient> {
  const client = new LegacyClient({ name: 'test', version: '1' });
  const transport = new LegacyTransport(new URL(app.endpoint), { requestInit: bearer });
  await client.connect(transport);
  return client;
}

async function modernClient(): Promise<ModernClient> {
  const client = new ModernClient(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: 'auto' } },
  );
  await client.connect(new ModernTransport(new URL(app.endpoint), { requestInit: bearer }));
  return client;
}

describe.each([
  ['a client of 2025', legacyClient],
  ['a client of 2026-07-28', modernClient],
])('%s', (_era, connect) => {
  it('lists every read tool, in the order of the catalogue, with annotations and schemas', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(READ_TOOLS);
    for (const tool of tools) {
      expect(tool.annotations).toMatchObject({ readOnlyHint: true, openWorldHint: true });
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(tool.outputSchema).toMatchObject({ type: 'object' });
    }
    await client.close();
  });

  it('gets one answer in two equal forms', async () => {
    const client = await connect();
    const result = await client.callTool({ name: 'rucio_whoami', arguments: {} });
    expect(result.isError).not.toBe(true);
    expect(result.structuredContent).toMatchObject({ account: 'robot', site: 'demo' });
    const [block] = result.content as { type: string; text: string }[];
    expect(JSON.parse(block?.text ?? '')).toEqual(result.structuredContent);
    await client.close();
  });

  it('is told which argument is wrong, and what was meant', async () => {
    const client = await connect();
    const result = await client.callTool({
      name: 'rucio_list_dids',
      arguments: { did_patern: 'x:y', limit: 'many' },
    });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toBeUndefined();
    const [block] = result.content as { text: string }[];
    expect(block?.text).toContain('[BAD_ARGUMENT]');
    expect(block?.text).toContain('did_pattern');
    expect(block?.text).toContain('limit');
    await client.close();
  });

  it('is refused an unknown tool by the protocol', async () => {
    const client = await connect();
    await expect(client.callTool({ name: 'rucio_who_am_i', arguments: {} })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('rucio_whoami') as string,
    });
    await client.close();
  });

  it('reads resources and prompts', async () => {
    const client = await connect();
    const { resources } = await client.listResources();
    for (const { uri } of resources) {
      const { contents } = await client.readResource({ uri });
      expect(contents[0]).toMatchObject({ uri, mimeType: 'text/markdown' });
    }
    await expect(client.readResource({ uri: 'rucio://none' })).rejects.toMatchObject({
      code: -32602,
    });
    const { messages } = await client.getPrompt({
      name: 'find-data',
      arguments: { pattern: 'mc20_13TeV:*' },
    });
    expect(JSON.stringify(messages)).toContain('mc20_13TeV');
    await client.close();
  });
});

describe('tools of the operator', () => {
  it('that are disabled are neither listed nor callable; others are callable unlisted', async () => {
    const narrow = await startTestApp({
      rucioUrl: demo.url,
      change: (document) => ({
        ...document,
        tools: {
          ...document.tools,
          toolsets: ['transfers'],
          enabled: ['rucio_ping'],
          disabled: ['rucio_whoami'],
        },
      }),
    });
    const post = async (body: string) =>
      answerOf(await fetch(narrow.endpoint, { method: 'POST', headers: MCP_HEADERS, body }));
    try {
      const listed = (await post(message('tools/list'))) as {
        result: { tools: { name: string }[] };
      };
      expect(listed.result.tools.map(({ name }) => name)).toEqual([
        'rucio_list_requests',
        'rucio_list_requests_history',
        'rucio_list_transfer_limits',
        'rucio_ping',
      ]);
      const disabled = await post(message('tools/call', { name: 'rucio_whoami', arguments: {} }));
      expect(disabled).toMatchObject({ error: { code: -32602 } });
      const unlisted = await post(
        message('tools/call', { name: 'rucio_get_did', arguments: { did: 'none:none' } }),
      );
      expect(unlisted).toMatchObject({ result: { isError: true } });
    } finally {
      await narrow.close();
    }
  });
});

describe('metrics', () => {
  it('count calls by tool, and give an unknown tool no series', async () => {
    const headers = MCP_HEADERS;
    for (const name of ['rucio_ping', 'evil_1', 'evil_2', 'evil_3']) {
      await fetch(app.endpoint, {
        method: 'POST',
        headers,
        body: message('tools/call', { name, arguments: {} }),
      });
    }
    const text = await (await fetch(`${app.metricsUrl}/metrics`)).text();
    expect(text).toMatch(
      /rucio_mcp_tool_calls_total\{site="demo",tool="rucio_ping",status="ok"\} [1-9]/,
    );
    expect(text).toMatch(
      /rucio_mcp_tool_call_duration_seconds_count\{site="demo",tool="rucio_ping",status="ok"\} [1-9]/,
    );
    expect(text).toMatch(
      /rucio_mcp_rucio_requests_total\{site="demo",operation="ping",outcome="ok"\}/,
    );
    expect(text).not.toContain('evil');
    expect(text).not.toContain(MCP_HEADERS.authorization.slice(7));
  });

  it('count results that are one page of several, and none that is whole', async () => {
    const truncations = async (limit: number) => {
      const params = { name: 'rucio_list_rses', arguments: { limit } };
      await fetch(app.endpoint, {
        method: 'POST',
        headers: MCP_HEADERS,
        body: message('tools/call', params),
      });
      const text = await (await fetch(`${app.metricsUrl}/metrics`)).text();
      return text
        .split('\n')
        .filter((line) => /^rucio_mcp_tool_truncations_total\{.*rucio_list_rses/.test(line));
    };
    expect(await truncations(100)).toEqual([]);
    const line =
      'rucio_mcp_tool_truncations_total{site="demo",tool="rucio_list_rses",cause="page"} 1';
    expect(await truncations(1)).toEqual([line]);
  });
});
