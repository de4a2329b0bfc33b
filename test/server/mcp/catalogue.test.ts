import type { ListToolsResult } from '@modelcontextprotocol/server';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import { ToolSelection } from '../../../lib/contract/server-document';
import { TOOLS, TOOL_NAMES, type ToolEntry } from '../../../lib/contract/tools';
import { TOOLSETS, type Toolset } from '../../../lib/contract/toolsets';
import { type CatalogueOptions, buildCatalogue } from '../../../server/mcp/catalogue';
import { ALL_TOOLS } from '../../../server/tools';

type Listed = ListToolsResult['tools'][number];

function list(toolsets: Toolset[], options: Partial<CatalogueOptions> = {}): Listed[] {
  const selection = ToolSelection.parse({ toolsets });
  return buildCatalogue(ALL_TOOLS, {
    selection,
    readOnly: false,
    authMode: 'sharedSecret',
    ...options,
  }).list.tools;
}

/** What hosts put before the model. */
function tokensOf(tools: readonly Listed[]): number {
  const shown = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  return countTokens(JSON.stringify(shown));
}

describe('tools/list', () => {
  // A limit is raised in a commit of its own, with the figures of the evals.
  it('costs a model no more than its budget', () => {
    const costs = {
      core: tokensOf(list(['core'], { readOnly: true })),
      coreWithWrites: tokensOf(list(['core'])),
      all: tokensOf(list(['all'])),
      largest: Math.max(...list(['all']).map((tool) => tokensOf([tool]))),
      wireBytes: Buffer.byteLength(JSON.stringify({ tools: list(['all']) })),
    };
    expect(costs.core).toBeLessThanOrEqual(1700);
    expect(costs.coreWithWrites).toBeLessThanOrEqual(2100);
    expect(costs.all).toBeLessThanOrEqual(4800);
    expect(costs.largest).toBeLessThanOrEqual(260);
    expect(costs.wireBytes).toBeLessThanOrEqual(45_000);
  });

  it.each(TOOLSETS)('has tools of the set %s', (toolset) => {
    expect(list([toolset]).length).toBeGreaterThan(0);
  });

  it.each<[Toolset[], Partial<CatalogueOptions>, string[]]>([
    [['all'], { readOnly: true }, TOOLSETS.filter((set) => set !== 'all' && set !== 'write')],
    [['core'], { readOnly: true }, ['core']],
    [['core', 'transfers'], {}, ['core', 'transfers']],
    [['all'], { wanted: { toolsets: ['session'], names: [] } }, ['session']],
  ])('knows which sets a caller of %j sees whole', (toolsets, options, whole) => {
    const catalogue = buildCatalogue(ALL_TOOLS, {
      selection: ToolSelection.parse({ toolsets }),
      readOnly: false,
      authMode: 'sharedSecret',
      ...options,
    });
    expect(catalogue.toolsets).toEqual(whole);
  });

  it('shows no tool that changes data to a read-only caller, and hides what the mode has not', () => {
    const names = (options: Partial<CatalogueOptions>) =>
      list(['all'], options).map(({ name }) => name);
    const of = (is: (entry: ToolEntry) => boolean) => TOOL_NAMES.filter((name) => is(TOOLS[name]));
    expect(names({ readOnly: true })).toEqual(
      of(({ access, authMode }) => access === 'read' && authMode !== 'oidc'),
    );
    expect(names({ authMode: 'oidc' })).toContain('rucio_token_info');
    expect(names({ authMode: 'oidc' })).not.toContain('rucio_voms_proxy_info');
  });

  it('says of each tool what it may do', () => {
    for (const { name, title, annotations } of list(['all'])) {
      const { access }: ToolEntry = TOOLS[name as keyof typeof TOOLS];
      expect(title).not.toBe('');
      expect(annotations).toEqual({
        openWorldHint: true,
        readOnlyHint: access === 'read',
        ...(access === 'read'
          ? {}
          : { destructiveHint: access === 'destroy', idempotentHint: true }),
      });
    }
  });
});

describe('the public definition of a tool', () => {
  const all = [...list(['all']), ...list(['session'], { authMode: 'oidc' })];
  const definitions = new Map(all.map((tool) => [tool.name, tool]));

  it.each(TOOL_NAMES)('%s', (name) => {
    const { outputSchema, ...shown } = definitions.get(name) ?? {};
    expect({
      ...shown,
      answers: Object.keys(outputSchema?.['properties'] ?? {}),
    }).toMatchSnapshot();
  });
});
