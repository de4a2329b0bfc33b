import type { Toolset } from './toolsets';

/**
 * What a tool may do to Rucio. Scope and MCP annotations follow from it, so that they can not
 * disagree.
 */
export type ToolAccess = 'read' | 'write' | 'destroy';

export interface ToolEntry {
  readonly title: string;
  /**
   * Text for the model: first what the tool answers, in users' words. At most 160 characters: every
   * client pays for it in every conversation.
   */
  readonly description: string;
  readonly access: ToolAccess;
  /** The toolsets it belongs to, besides `all`. */
  readonly toolsets: readonly Exclude<Toolset, 'all'>[];
}

/**
 * The catalogue: one entry a tool, in the order of `tools/list`. Names are those of the Python
 * server. Arguments and results are in `server/tools/`.
 */
export const TOOLS = {
  rucio_whoami: {
    title: 'Who am I',
    description: 'The Rucio account that you work as: account, type, email, site, server version.',
    access: 'read',
    toolsets: ['core', 'session'],
  },
  rucio_list_dids: {
    title: 'Find datasets, containers and files',
    description: 'Find data by name pattern: which datasets, containers or files exist in a scope.',
    access: 'read',
    toolsets: ['core', 'dids'],
  },
  rucio_get_did: {
    title: 'Describe a DID',
    description:
      'How big is a dataset, container or file: type, owner, bytes, files, open, expiry.',
    access: 'read',
    toolsets: ['dids'],
  },
  rucio_list_replicas: {
    title: 'Locate file replicas',
    description: 'Where files can be read: RSE, state and access URLs (PFNs) of each replica.',
    access: 'read',
    toolsets: ['core', 'replicas'],
  },
  rucio_list_did_rules: {
    title: 'Rules on a DID',
    description:
      'Which replication rules are set on a dataset, container or file, and their state.',
    access: 'read',
    toolsets: ['rules'],
  },
  rucio_ping: {
    title: 'Ping Rucio',
    description: 'Is the Rucio server up, and which version does it run.',
    access: 'read',
    toolsets: ['session'],
  },
} as const satisfies Record<`rucio_${string}`, ToolEntry>;

export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES = Object.keys(TOOLS) as readonly ToolName[];
