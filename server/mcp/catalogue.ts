import type { ListToolsResult } from '@modelcontextprotocol/server';

import {
  type ToolChoice,
  type ToolGroups,
  isEnabled,
  isForbidden,
  isInGroups,
  isListed,
} from '../../lib/contract/tool-choice';
import { TOOLS } from '../../lib/contract/tools';
import { TOOLSETS, type Toolset } from '../../lib/contract/toolsets';
import type { Tool } from '../tools/define';
import { ACCESS } from './access';
import { terseSchema } from './terse-schema';

/** The tools of one kind of caller, worked out once. */
export interface Catalogue {
  /** Every tool that the caller may use, listed or not. */
  readonly callable: ReadonlyMap<string, Tool>;
  /** Tools that exist and that only a read-only connection keeps from the caller. */
  readonly forbidden: ReadonlyMap<string, Tool>;
  /** The answer to `tools/list`, in catalogue order. */
  readonly list: ListToolsResult;
  /** The toolsets that are listed whole, as far as the caller may use them. */
  readonly toolsets: readonly Toolset[];
}

/** What decides about tools. */
export interface CatalogueOptions extends ToolChoice {
  /** What the client itself wants to see; it can only narrow. */
  readonly wanted?: ToolGroups | undefined;
}

/**
 * Chooses tools: the operator's selection, less what read-only callers may not use.
 *
 * @param tools - all tools, in catalogue order
 */
export function buildCatalogue(tools: readonly Tool[], options: CatalogueOptions): Catalogue {
  const { wanted } = options;
  const enabled = tools.filter(({ name }) => isEnabled(name, options));
  const usable = enabled.filter(({ name }) => !isForbidden(name, options));
  const listed = usable.filter(
    ({ name }) => isListed(name, options) && (wanted === undefined || isInGroups(name, wanted)),
  );
  return {
    callable: byName(usable),
    forbidden: byName(enabled.filter(({ name }) => isForbidden(name, options))),
    list: { tools: listed.map(describe) },
    toolsets: wholeToolsets(usable, listed),
  };
}

function wholeToolsets(usable: readonly Tool[], listed: readonly Tool[]): Toolset[] {
  const hidden = usable.filter((tool) => !listed.includes(tool));
  const has = (tools: readonly Tool[], toolset: Toolset) =>
    tools.some(({ name }) => isInGroups(name, { toolsets: [toolset], names: [] }));
  return TOOLSETS.filter(
    (toolset) => toolset !== 'all' && has(usable, toolset) && !has(hidden, toolset),
  );
}

function byName(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  return new Map(tools.map((tool) => [tool.name, tool]));
}

function describe(tool: Tool): ListToolsResult['tools'][number] {
  const { title, description, access } = TOOLS[tool.name];
  return {
    name: tool.name,
    title,
    description,
    inputSchema: { type: 'object', ...terseSchema(tool.input, 'input') },
    outputSchema: { type: 'object', ...terseSchema(tool.output, 'output') },
    annotations: ACCESS[access].annotations,
  };
}
