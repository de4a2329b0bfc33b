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
  rucio_describe_did: {
    title: 'Describe data',
    description:
      'How big is a dataset, container or file, whose is it, since when, which rules keep it and where are its copies.',
    access: 'read',
    toolsets: ['core', 'dids'],
  },
  rucio_locate_data: {
    title: 'Locate data',
    description:
      'Where can data be read: which RSEs have how much of a dataset or container, what is on its way, what only on tape.',
    access: 'read',
    toolsets: ['core', 'replicas'],
  },
  rucio_list_replicas: {
    title: 'Locate file replicas',
    description: 'Where files can be read: RSE, state and access URLs (PFNs) of each replica.',
    access: 'read',
    toolsets: ['core', 'replicas'],
  },
  rucio_find_missing_files: {
    title: 'Find missing files',
    description:
      'Which files of a dataset or container have no copy on disk (or at other RSEs), how much is it, and where else are they.',
    access: 'read',
    toolsets: ['core', 'replicas'],
  },
  rucio_explain_rule: {
    title: 'Explain a rule',
    description:
      'Why is a replication rule stuck or slow: cause, failed transfers, destinations, quota, and what helps.',
    access: 'read',
    toolsets: ['core', 'rules'],
  },
  rucio_wait_for_rule: {
    title: 'Wait for a rule',
    description:
      'Waits until a replication rule is done or needs help, at most 50 s, and tells how far it is.',
    access: 'read',
    toolsets: ['core', 'rules'],
  },
  rucio_plan_rule: {
    title: 'Plan a copy',
    description:
      'Can data be copied to RSEs, or why was it refused: quota, space and writability of each, bytes to move, duplicates. Changes nothing.',
    access: 'read',
    toolsets: ['core', 'rules'],
  },
  rucio_quota_overview: {
    title: 'Quota overview',
    description:
      'How much quota does an account use and have left, by RSE, tightest first; with did: where would that data fit.',
    access: 'read',
    toolsets: ['core', 'accounts'],
  },
  rucio_describe_rse: {
    title: 'Describe an RSE',
    description:
      'Is a storage element up, writable or full: site, space, limits, protocols, attributes, who uses it.',
    access: 'read',
    toolsets: ['core', 'storage'],
  },
  rucio_get_did: {
    title: 'Describe a DID',
    description:
      'How big is a dataset, container or file: type, owner, bytes, files, open, expiry.',
    access: 'read',
    toolsets: ['dids'],
  },
  rucio_resolve_pfn: {
    title: 'Resolve a path',
    description: 'Which file and dataset does an access URL or a path on storage belong to.',
    access: 'read',
    toolsets: ['replicas'],
  },
  rucio_list_did_rules: {
    title: 'Rules on a DID',
    description:
      'Which replication rules are set on a dataset, container or file, and their state.',
    access: 'read',
    toolsets: ['rules'],
  },
  rucio_match_subscriptions: {
    title: 'Match subscriptions',
    description: 'Will a subscription copy a dataset, which one, and why not the others.',
    access: 'read',
    toolsets: ['subscriptions'],
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
