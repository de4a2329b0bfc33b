import type { ListToolsResult } from '@modelcontextprotocol/server';

import type { AuthMode, ToolSelection } from '../../lib/contract/server-document';
import { TOOLS, type ToolEntry, type ToolName } from '../../lib/contract/tools';
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
export interface CatalogueOptions {
  readonly selection: ToolSelection;
  readonly readOnly: boolean;
  readonly authMode: AuthMode;
  /** What the client itself wants to see; it can only narrow. */
  readonly wanted?: WantedTools | undefined;
}

/** Tools that a client asks for: those of the toolsets, and single ones besides. */
export interface WantedTools {
  readonly toolsets: readonly Toolset[];
  readonly names: readonly ToolName[];
}

/**
 * Chooses tools: the operator's selection, less what read-only callers may not use.
 *
 * @param tools - all tools, in catalogue order
 */
export function buildCatalogue(
  tools: readonly Tool[],
  { selection, readOnly, authMode, wanted }: CatalogueOptions,
): Catalogue {
  const enabled = tools.filter(
    ({ name }) =>
      !selection.disabled.includes(name) && (entryOf(name).authMode ?? authMode) === authMode,
  );
  const isForbidden = ({ name }: Tool) => readOnly && entryOf(name).access !== 'read';
  const usable = enabled.filter((tool) => !isForbidden(tool));
  const listed = usable.filter(
    ({ name }) =>
      isIn(name, { toolsets: selection.toolsets, names: selection.enabled }) &&
      (wanted === undefined || isIn(name, wanted)),
  );
  return {
    callable: byName(usable),
    forbidden: byName(enabled.filter(isForbidden)),
    list: { tools: listed.map(describe) },
    toolsets: wholeToolsets(usable, listed),
  };
}

function wholeToolsets(usable: readonly Tool[], listed: readonly Tool[]): Toolset[] {
  const hidden = usable.filter((tool) => !listed.includes(tool));
  const has = (tools: readonly Tool[], toolset: Toolset) =>
    tools.some(({ name }) => isIn(name, { toolsets: [toolset], names: [] }));
  return TOOLSETS.filter(
    (toolset) => toolset !== 'all' && has(usable, toolset) && !has(hidden, toolset),
  );
}

function byName(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  return new Map(tools.map((tool) => [tool.name, tool]));
}

function entryOf(name: ToolName): ToolEntry {
  return TOOLS[name];
}

function isIn(name: ToolName, { toolsets, names }: WantedTools): boolean {
  return (
    toolsets.includes('all') ||
    names.includes(name) ||
    entryOf(name).toolsets.some((toolset) => toolsets.includes(toolset))
  );
}

function describe(tool: Tool): ListToolsResult['tools'][number] {
  const { title, description, access } = entryOf(tool.name);
  return {
    name: tool.name,
    title,
    description,
    inputSchema: { type: 'object', ...terseSchema(tool.input, 'input') },
    outputSchema: { type: 'object', ...terseSchema(tool.output, 'output') },
    annotations: ACCESS[access].annotations,
  };
}
