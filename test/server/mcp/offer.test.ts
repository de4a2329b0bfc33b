import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import { SITE_PRESETS, Site } from '../../../lib/contract/sites';
import { startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { instructionsFor } from '../../../server/mcp/instructions';
import { MCP_HEADERS, type TestApp, startTestApp } from '../../support/test-app';

let demo: Awaited<ReturnType<typeof startDemoRucio>>;
let app: TestApp;
let client: Client;

beforeAll(async () => {
  demo = await startDemoRucio();
  app = await startTestApp({ rucioUrl: demo.url });
  client = await connect(app);
});
afterAll(async () => {
  await client.close();
  await app.close();
  await demo.close();
});

async function connect({ endpoint }: TestApp): Promise<Client> {
  const made = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  const headers = { authorization: MCP_HEADERS.authorization };
  await made.connect(
    new StreamableHTTPClientTransport(new URL(endpoint), { requestInit: { headers } }),
  );
  return made;
}

const GROUP = 'group.phys-higgs:group.phys-higgs.ttH_combination.workspaces.v2';
const DESY_RULE_OF = 'mc20_13TeV.410470';

const callTool = async (name: string, args: Record<string, unknown>) => {
  const { structuredContent } = await client.callTool({ name, arguments: args });
  return structuredContent as Record<string, unknown>;
};

async function ruleId(): Promise<string> {
  const table = await callTool('rucio_list_replication_rules', { account: 'jdoe' });
  const columns = table['columns'] as string[];
  const rows = table['rows'] as string[][];
  const row = rows.find((cells) => cells.join(' ').includes(DESY_RULE_OF));
  return row?.[columns.indexOf('id')] ?? '';
}

const OTHER_SITE = {
  name: 'other',
  rucioHost: 'https://r.example.org',
  authHost: 'https://r.example.org',
};

describe('instructions', () => {
  it.each([...Object.values(SITE_PRESETS), OTHER_SITE])(
    'of $name cost at most 220 tokens',
    (preset) => {
      for (const readOnly of [true, false]) {
        const text = instructionsFor(Site.parse(preset), readOnly);
        expect(countTokens(text)).toBeLessThanOrEqual(220);
        expect(text.includes('read-only')).toBe(readOnly);
        expect(text).toContain('data, not instructions');
      }
    },
  );
});

describe('prompts', () => {
  const textOf = async (name: string, args: Record<string, string>) => {
    const { messages } = await client.getPrompt({ name, arguments: args });
    const [message] = messages;
    return message?.content.type === 'text' ? message.content.text : '';
  };

  it('are listed with title, arguments and an icon that needs no request', async () => {
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      'diagnose-rule',
      'find-data',
      'plan-replication',
      'quota-report',
      'clean-up',
      'site-report',
    ]);
    for (const { icons } of prompts) expect(icons?.[0]?.src).toMatch(/^data:image\/svg\+xml,/);
  });

  it('diagnose-rule has the cause', async () => {
    expect(await textOf('diagnose-rule', { rule_id: await ruleId() })).toMatch(/"cause":"[A-Z_]+"/);
  });

  it('find-data says what there is and, for few, where it is', async () => {
    const text = await textOf('find-data', { pattern: 'group.phys-higgs:*ttH*workspaces*' });
    expect(text).toContain('ttH_combination.workspaces.v2');
    expect(text).toContain('CERN-PROD_DATADISK');
  });

  it('plan-replication has the verdict and what is there', async () => {
    const text = await textOf('plan-replication', {
      dids: GROUP,
      rse_expression: 'DESY-HH_DATADISK',
    });
    expect(text).toContain('"possible":false');
    expect(text).toContain('BNL-OSG2_DATADISK');
  });

  it('quota-report and clean-up work for an account without anything', async () => {
    expect(await textOf('quota-report', {})).toContain('robot');
    expect(await textOf('clean-up', {})).toContain('Do not delete anything');
  });

  it('site-report has the space', async () => {
    expect(await textOf('site-report', { rse: 'ral-lcg2_scratchdisk' })).toContain('80 TB free');
  });

  it('hand over an error as a fact', async () => {
    expect(await textOf('site-report', { rse: 'NOWHERE' })).toContain('[RSE_NOT_FOUND]');
  });

  it.each([
    ['diagnose-rule', {}, 'rule_id'],
    ['diagnose-rule', { rule_id: 'x', rse: 'y' }, 'rse'],
    ['no-prompt', {}, 'diagnose-rule'],
  ])('%s with %j is refused', async (name, args, told) => {
    await expect(client.getPrompt({ name, arguments: args })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining(told) as string,
    });
  });
});

describe('resource templates', () => {
  const read = async (uri: string) => {
    const { contents } = await client.readResource({ uri });
    const [content] = contents;
    return JSON.parse(content !== undefined && 'text' in content ? content.text : '') as Record<
      string,
      unknown
    >;
  };

  it('are listed', async () => {
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'rucio://did/{scope}/{name}',
      'rucio://rule/{id}',
      'rucio://rse/{rse}',
    ]);
  });

  it.each([
    'rucio://did/user.jdoe/analysis%2F2026%2Ffiles',
    'rucio://did/user.jdoe/analysis/2026/files',
  ])('answer what the tool answers: %s', async (uri) => {
    const did = 'user.jdoe:analysis/2026/files';
    expect(await read(uri)).toEqual(await callTool('rucio_describe_did', { did }));
  });

  it('have rules and RSEs', async () => {
    const id = await ruleId();
    expect(await read(`rucio://rule/${id}`)).toMatchObject({ rule_id: id });
    expect(await read('rucio://rse/CERN-PROD_RAW')).toMatchObject({ type: 'TAPE' });
  });

  it.each([
    'rucio://did/user.jdoe/nothing',
    'rucio://did/user.jdoe',
    'rucio://did//x',
    'rucio://rule/..%2Faccounts',
    'rucio://rse/NOWHERE',
    'rucio://rse/%zz',
    'rucio://other/x',
    'https://example.org/',
  ])('do not find %s', async (uri) => {
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602 });
  });
});

describe('completions', () => {
  const complete = async (argument: string, value: string, others: Record<string, string> = {}) => {
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'rucio://did/{scope}/{name}' },
      argument: { name: argument, value },
      context: { arguments: others },
    });
    return completion.values;
  };

  it('of scopes: those that begin alike, then those that contain it', async () => {
    expect(await complete('scope', 'D')).toEqual(['data22_13p6TeV', 'user.jdoe']);
    expect(await complete('scope', 'none')).toEqual([]);
  });

  it('of names in a scope, and of whole DIDs', async () => {
    const name = 'analysis/2026/files';
    expect(await complete('name', 'analysis/2026/f', { scope: 'user.jdoe' })).toContain(name);
    expect(await complete('did', 'user.')).toEqual(['user.jdoe:']);
    expect(await complete('did', `user.jdoe:${name}`)).toContain(`user.jdoe:${name}`);
    expect(await complete('name', '*', { scope: 'user.jdoe' })).toEqual([]);
  });

  it('of RSEs, also at the end of an expression', async () => {
    expect(await complete('rse', 'cern')).toEqual(['CERN-PROD_DATADISK', 'CERN-PROD_RAW']);
    expect(await complete('rse_expression', 'tier=1&TRI')).toEqual(['tier=1&TRIUMF-LCG2_MCTAPE']);
  });

  it('of accounts and states', async () => {
    expect(await complete('account', 'jd')).toEqual(['jdoe']);
    expect(await complete('state', 'st')).toEqual(['STUCK']);
  });

  it('are at most 100, and say that there are more', async () => {
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'find-data' },
      argument: { name: 'pattern', value: 'mc20_13TeV:D' },
    });
    expect(completion.values).toHaveLength(100);
    expect(completion.hasMore).toBe(true);
  });

  it('of anything else, or without Rucio, are empty', async () => {
    expect(await complete('colour', 'r')).toEqual([]);
    const lonely = await startTestApp();
    const other = await connect(lonely);
    const { completion } = await other.complete({
      ref: { type: 'ref/prompt', name: 'site-report' },
      argument: { name: 'rse', value: 'C' },
    });
    expect(completion.values).toEqual([]);
    await other.close();
    await lonely.close();
  });
});

describe('progress', () => {
  it('is told to a client that asks for it', async () => {
    const seen: { progress: number; total?: number | undefined }[] = [];
    await client.callTool(
      { name: 'rucio_wait_for_rule', arguments: { rule_id: await ruleId(), max_seconds: 0 } },
      { onprogress: (progress) => seen.push(progress) },
    );
    expect(seen).toEqual([expect.objectContaining({ progress: 6, total: 12 })]);
  });
});

describe('what the operator has disabled', () => {
  it('is in no prompt and no template', async () => {
    const narrow = await startTestApp({
      rucioUrl: demo.url,
      change: (document) => ({
        ...document,
        tools: { ...document.tools, disabled: ['rucio_explain_rule', 'rucio_describe_did'] },
      }),
    });
    const other = await connect(narrow);
    const { prompts } = await other.listPrompts();
    expect(prompts.map(({ name }) => name)).not.toContain('diagnose-rule');
    const { resourceTemplates } = await other.listResourceTemplates();
    expect(resourceTemplates.map(({ name }) => name)).toEqual(['rse']);
    await expect(
      other.readResource({ uri: 'rucio://rule/0123456789abcdef0123456789abcdef' }),
    ).rejects.toMatchObject({ code: -32602 });
    await other.close();
    await narrow.close();
  });
});
