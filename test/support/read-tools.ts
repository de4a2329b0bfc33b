import { TOOLS, type ToolEntry } from '../../lib/contract/tools';

/** What a read-only robot is shown, in the order of the catalogue. */
export const READ_TOOLS: readonly string[] = (Object.entries(TOOLS) as [string, ToolEntry][])
  .filter(([, { access, authMode }]) => access === 'read' && authMode !== 'oidc')
  .map(([name]) => name);
