import { addRule } from './add-rule';
import { approveRule } from './approve-rule';
import { deleteRule } from './delete-rule';
import { denyRule } from './deny-rule';
import { getReplicationRule } from './get-replication-rule';
import { listAccountRules } from './list-account-rules';
import { listDidRules } from './list-did-rules';
import { listReplicationRules } from './list-replication-rules';
import { listRuleHistory } from './list-rule-history';
import { moveRule } from './move-rule';
import { reduceRule } from './reduce-rule';
import { updateRule } from './update-rule';

export const ruleTools = [
  addRule,
  approveRule,
  deleteRule,
  denyRule,
  getReplicationRule,
  listAccountRules,
  listDidRules,
  listReplicationRules,
  listRuleHistory,
  moveRule,
  reduceRule,
  updateRule,
] as const;
