import type { AuthMode, ToolSelection } from './server-document';
import { TOOLS, TOOL_NAMES, type ToolEntry, type ToolName } from './tools';
import type { Toolset } from './toolsets';

/** What of a server decides about its tools. */
export interface ToolChoice {
  readonly selection: ToolSelection;
  readonly readOnly: boolean;
  readonly authMode: AuthMode;
}

/** Tools by the groups that they belong to, and single ones besides. */
export interface ToolGroups {
  readonly toolsets: readonly Toolset[];
  readonly names: readonly ToolName[];
}

/** Whether a tool exists for any caller: not disabled, and of use in this mode. */
export function isEnabled(name: ToolName, { selection, authMode }: ToolChoice): boolean {
  return !selection.disabled.includes(name) && (entryOf(name).authMode ?? authMode) === authMode;
}

/** Whether a read-only server keeps a tool from its callers. */
export function isForbidden(name: ToolName, { readOnly }: ToolChoice): boolean {
  return readOnly && entryOf(name).access !== 'read';
}

export function isInGroups(name: ToolName, { toolsets, names }: ToolGroups): boolean {
  return (
    toolsets.includes('all') ||
    names.includes(name) ||
    entryOf(name).toolsets.some((toolset) => toolsets.includes(toolset))
  );
}

/** Whether `tools/list` has a tool, for a client that does not narrow it. */
export function isListed(name: ToolName, choice: ToolChoice): boolean {
  const { toolsets, enabled: names } = choice.selection;
  return (
    isEnabled(name, choice) && !isForbidden(name, choice) && isInGroups(name, { toolsets, names })
  );
}

/** What `tools/list` has, in catalogue order. */
export function listedTools(choice: ToolChoice): readonly ToolName[] {
  return TOOL_NAMES.filter((name) => isListed(name, choice));
}

function entryOf(name: ToolName): ToolEntry {
  return TOOLS[name];
}
