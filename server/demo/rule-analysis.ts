import type { DemoRule } from './demo-rule';
import type { Json } from './python-json';
import { stableId } from './store';

/** Why a rule is not settled, as far as Rucio tells: only of stuck rules, and what they lack. */
export function ruleAnalysis(rule: DemoRule): Json {
  if (rule.state === 'OK') return settled('This replication rule is OK');
  if (rule.state === 'REPLICATING')
    return settled('This replication rule is currently REPLICATING');
  if (rule.state === 'SUSPENDED') return settled('This replication rule is SUSPENDED');
  const stuck = rule.locks.filter(({ state }) => state === 'STUCK');
  return {
    rule_error: rule.error,
    transfers: stuck.map(({ file, rse }) => ({
      scope: file.scope,
      name: file.name,
      rse_id: stableId('rse', rse.rse),
      rse: rse.rse,
      attempts: 0,
      last_error: 'None',
      last_source: null,
      sources: [],
      last_time: null,
    })),
  };
}

function settled(text: string): Json {
  return { rule_error: text, transfers: [] };
}
