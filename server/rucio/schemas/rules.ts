import { z } from 'zod';

import { Count, Flag, Text } from './fields';
import { ByteCount } from './numbers';

/** A rule, as lists and `GET /rules/{id}` have it; `bytes` is in lists only. */
export const RuleRow = z.object({
  id: z.string(),
  scope: z.string(),
  name: z.string(),
  did_type: Text,
  account: Text,
  state: z.string(),
  error: Text,
  rse_expression: z.string(),
  source_replica_expression: Text,
  copies: Count,
  grouping: Text,
  activity: Text,
  priority: Count,
  weight: Text,
  notification: Text,
  locked: Flag,
  purge_replicas: Flag,
  ignore_availability: Flag,
  ignore_account_limit: Flag,
  split_container: Flag,
  locks_ok_cnt: Count,
  locks_replicating_cnt: Count,
  locks_stuck_cnt: Count,
  bytes: ByteCount.nullish(),
  comments: Text,
  subscription_id: Text,
  child_rule_id: Text,
  created_at: Text,
  updated_at: Text,
  stuck_at: Text,
  expires_at: Text,
  eol_at: Text,
});
export type RuleRow = z.output<typeof RuleRow>;

/** Row of `GET /rules/{scope}/{name}/history`. */
export const RuleHistoryRow = z.object({
  rule_id: z.string(),
  account: Text,
  state: Text,
  rse_expression: Text,
  locks_ok_cnt: Count,
  locks_replicating_cnt: Count,
  locks_stuck_cnt: Count,
  created_at: Text,
  updated_at: Text,
});
export type RuleHistoryRow = z.output<typeof RuleHistoryRow>;

/** Row of `GET /rules/{id}/locks`: one file at one RSE. */
export const RuleLockRow = z.object({
  scope: z.string(),
  name: z.string(),
  rse: z.string(),
  state: Text,
});
export type RuleLockRow = z.output<typeof RuleLockRow>;

/** Answer of `GET /rules/{id}/analysis`: what keeps a rule from being OK. */
export const RuleAnalysis = z.object({
  rule_error: Text,
  transfers: z
    .array(
      z.object({
        scope: z.string(),
        name: z.string(),
        rse: Text,
        attempts: Count,
        last_error: Text,
        last_source: Text,
        last_time: Text,
        /** RSEs that have the file, and whether each can be read now. */
        sources: z.array(z.tuple([z.string(), z.boolean()])).nullish(),
      }),
    )
    .default([]),
});
export type RuleAnalysis = z.output<typeof RuleAnalysis>;

/** Answer of `POST /rules`: the new rules, one a DID. */
export const NewRuleIds = z.array(z.string());
/** Answer of `POST /rules/{id}/move` and `…/reduce`: the rule that takes its place. */
export const NewRuleId = z.string();
