/**
 * Groups of tools that an operator or a client switches on together. `all` is the default: every
 * tool that the caller may use.
 */
export const TOOLSETS = [
  'core',
  'dids',
  'replicas',
  'rules',
  'storage',
  'accounts',
  'transfers',
  'subscriptions',
  'session',
  'write',
  'all',
] as const;

export type Toolset = (typeof TOOLSETS)[number];
