import { getReplicationRule } from './get-replication-rule';
import { listAccountRules } from './list-account-rules';
import { listDidRules } from './list-did-rules';
import { listReplicationRules } from './list-replication-rules';
import { listRuleHistory } from './list-rule-history';

export const ruleTools = [
  getReplicationRule,
  listAccountRules,
  listDidRules,
  listReplicationRules,
  listRuleHistory,
] as const;
