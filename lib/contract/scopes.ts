/**
 * OAuth scopes of our own tokens.
 *
 * @see MCP 2026-07-28 authorization, "Scope Selection"
 */
export const SCOPES = {
  read: 'rucio:read',
  write: 'rucio:write',
} as const;

export type Scope = (typeof SCOPES)[keyof typeof SCOPES];
