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
  /** The one mode of authentication in which it says anything; default: any. */
  readonly authMode?: 'sharedSecret' | 'oidc';
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
  rucio_list_content: {
    title: 'Content of a collection',
    description: 'What is directly in a container or dataset: datasets or files, and their bytes.',
    access: 'read',
    toolsets: ['core', 'dids'],
  },
  rucio_list_files: {
    title: 'Files of a collection',
    description:
      'All files of a dataset or container, with bytes and their sum; long adds checksum, GUID, events.',
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
  rucio_list_account_rules: {
    title: 'Rules of an account',
    description:
      'Which rules an account has: stuck ones, those that expire soon or name an RSE; summary tells what uses most space.',
    access: 'read',
    toolsets: ['core', 'rules'],
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
  rucio_list_rses: {
    title: 'List RSEs',
    description:
      'Which storage elements exist or match an expression: type, site, country, tier, writable.',
    access: 'read',
    toolsets: ['core', 'storage'],
  },
  rucio_describe_rse: {
    title: 'Describe an RSE',
    description:
      'Is a storage element up, writable or full: site, space, limits, protocols, usage, bad replicas.',
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
  rucio_get_metadata: {
    title: 'Metadata of a DID',
    description: 'Metadata of a DID: project, run, campaign, datatype, events, dates, GUID.',
    access: 'read',
    toolsets: ['dids'],
  },
  rucio_list_parent_dids: {
    title: 'Parents of a DID',
    description: 'Which datasets or containers a file or dataset is directly in.',
    access: 'read',
    toolsets: ['dids'],
  },
  rucio_list_scopes: {
    title: 'List scopes',
    description: 'Which scopes (name spaces of data) exist.',
    access: 'read',
    toolsets: ['dids'],
  },
  rucio_list_scopes_for_account: {
    title: 'Scopes of an account',
    description: 'Which scopes an account owns and may write to.',
    access: 'read',
    toolsets: ['dids'],
  },
  rucio_list_dataset_replicas: {
    title: 'Replicas of a dataset',
    description: 'How much of one dataset each RSE has: files and bytes.',
    access: 'read',
    toolsets: ['replicas'],
  },
  rucio_list_container_replicas: {
    title: 'Replicas of a container',
    description: 'How much of each dataset in a container each RSE has.',
    access: 'read',
    toolsets: ['replicas'],
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
  rucio_list_replication_rules: {
    title: 'Search rules',
    description:
      'Rules of any account by scope, account or state, e.g. those that wait for approval.',
    access: 'read',
    toolsets: ['rules'],
  },
  rucio_get_replication_rule: {
    title: 'Read a rule',
    description: 'All fields of one rule, e.g. comment, activity, expiry, child rule.',
    access: 'read',
    toolsets: ['rules'],
  },
  rucio_list_rule_history: {
    title: 'Rule history of a DID',
    description: 'Which rules a DID has or had, also deleted ones: what happened to its copies.',
    access: 'read',
    toolsets: ['rules'],
  },
  rucio_get_dataset_locks: {
    title: 'Locks of a dataset',
    description: 'Which rules hold a dataset at which RSE.',
    access: 'read',
    toolsets: ['rules'],
  },
  rucio_get_rse: {
    title: 'Settings of an RSE',
    description: 'Settings of one RSE: availability, type, naming, protocols.',
    access: 'read',
    toolsets: ['storage'],
  },
  rucio_list_rse_attributes: {
    title: 'Attributes of an RSE',
    description: 'All attributes of one RSE, which RSE expressions can use.',
    access: 'read',
    toolsets: ['storage'],
  },
  rucio_get_rse_usage: {
    title: 'Usage of an RSE',
    description: 'How full an RSE is: used, free, total; per_account adds who uses it.',
    access: 'read',
    toolsets: ['storage'],
  },
  rucio_get_rse_limits: {
    title: 'Limits of an RSE',
    description: 'Limits of one RSE, such as its minimum free space.',
    access: 'read',
    toolsets: ['storage'],
  },
  rucio_get_rse_protocols: {
    title: 'Protocols of an RSE',
    description: 'How an RSE is accessed: scheme, host, port, path, and what each may do.',
    access: 'read',
    toolsets: ['storage'],
  },
  rucio_get_distance: {
    title: 'Distance of two RSEs',
    description: 'Whether and how readily Rucio transfers from one RSE to another.',
    access: 'read',
    toolsets: ['storage'],
  },
  rucio_get_dataset_locks_by_rse: {
    title: 'Locks at an RSE',
    description: 'Which datasets are held by rules at one RSE.',
    access: 'read',
    toolsets: ['storage'],
  },
  rucio_list_accounts: {
    title: 'List accounts',
    description: 'Which accounts exist; identity finds the accounts of a person or robot.',
    access: 'read',
    toolsets: ['accounts'],
  },
  rucio_get_account: {
    title: 'Describe an account',
    description: 'Type, status, email and dates of an account.',
    access: 'read',
    toolsets: ['accounts'],
  },
  rucio_get_local_account_usage: {
    title: 'Usage of an account',
    description: 'What an account uses at each RSE, with its limit and what is left.',
    access: 'read',
    toolsets: ['accounts'],
  },
  rucio_get_local_account_limits: {
    title: 'Limits of an account',
    description: 'How much an account may use at the RSEs of an expression.',
    access: 'read',
    toolsets: ['accounts'],
  },
  rucio_list_requests: {
    title: 'Transfers between RSEs',
    description:
      'Transfers from one RSE to another in given states, with errors. Mostly for administrators.',
    access: 'read',
    toolsets: ['transfers'],
  },
  rucio_list_requests_history: {
    title: 'Past transfers',
    description: 'Transfers from one RSE to another that have ended. Mostly for administrators.',
    access: 'read',
    toolsets: ['transfers'],
  },
  rucio_list_transfer_limits: {
    title: 'Transfer limits',
    description: 'How many transfers may run at once, by RSE and activity.',
    access: 'read',
    toolsets: ['transfers'],
  },
  rucio_list_subscriptions: {
    title: 'List subscriptions',
    description: 'Which subscriptions copy new data by themselves: filters and rules.',
    access: 'read',
    toolsets: ['subscriptions'],
  },
  rucio_list_subscription_rules: {
    title: 'Rules of a subscription',
    description: 'Which rules a subscription has made.',
    access: 'read',
    toolsets: ['subscriptions'],
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
  rucio_token_info: {
    title: 'My session',
    description: 'Account, scopes and expiry of the token that you are signed in with.',
    access: 'read',
    toolsets: ['session'],
    authMode: 'oidc',
  },
  rucio_voms_proxy_info: {
    title: 'VOMS proxy',
    description: "The server's proxy certificate: identity, VOMS attributes, expiry.",
    access: 'read',
    toolsets: ['session'],
    authMode: 'sharedSecret',
  },
  rucio_add_rule: {
    title: 'Copy data',
    description:
      'Copies data to RSEs and keeps it there (a rule). Repeating it makes no second one.',
    access: 'write',
    toolsets: ['core', 'write'],
  },
  rucio_update_rule: {
    title: 'Change a rule',
    description: 'Changes lifetime, lock, comment or activity of a rule; -1 clears its expiry.',
    access: 'write',
    toolsets: ['core', 'write'],
  },
  rucio_delete_rule: {
    title: 'Delete a rule',
    description: 'Lets a rule expire within an hour; then its copies may be removed.',
    access: 'destroy',
    toolsets: ['core', 'write'],
  },
  rucio_reduce_rule: {
    title: 'Reduce copies',
    description: 'Replaces a rule by a new one with fewer copies.',
    access: 'destroy',
    toolsets: ['write'],
  },
  rucio_move_rule: {
    title: 'Move data',
    description:
      'Makes a rule at other RSEs in place of a rule; the old one goes when the new one is OK.',
    access: 'destroy',
    toolsets: ['write'],
  },
  rucio_approve_rule: {
    title: 'Approve a rule',
    description: 'Approves a rule that waits for approval. For administrators.',
    access: 'write',
    toolsets: ['write'],
  },
  rucio_deny_rule: {
    title: 'Deny a rule',
    description: 'Denies a rule that waits for approval; it is removed. For administrators.',
    access: 'destroy',
    toolsets: ['write'],
  },
} as const satisfies Record<`rucio_${string}`, ToolEntry>;

export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES = Object.keys(TOOLS) as readonly ToolName[];
