import { TOOLS, type ToolEntry } from '../../lib/contract/tools';
import { ACCESS } from './access';

/**
 * The scopes that a message needs. A tool that nobody may use here needs none: the answer to its call
 * says so, and no sign-in would help.
 */
export function neededScopes(body: unknown, readOnly: boolean): readonly string[] {
  const name = calledTool(body);
  if (readOnly || name === undefined || !Object.hasOwn(TOOLS, name)) return [];
  const { access }: ToolEntry = TOOLS[name as keyof typeof TOOLS];
  return [ACCESS[access].scope];
}

function calledTool(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { method, params } = body as { readonly method?: unknown; readonly params?: unknown };
  if (method !== 'tools/call' || typeof params !== 'object' || params === null) return undefined;
  const { name } = params as { readonly name?: unknown };
  return typeof name === 'string' ? name : undefined;
}
