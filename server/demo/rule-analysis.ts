import type { DemoLock, DemoRule } from './demo-rule';
import { rfc1123 } from './python-date';
import type { Json } from './python-json';
import { type DemoStore, stableId } from './store';
import { pastRequests } from './transfer-requests';

/** Why a rule is not settled, as far as Rucio tells: only of stuck rules, and what they lack. */
export function ruleAnalysis(store: DemoStore, rule: DemoRule): Json {
  if (rule.state === 'OK') return settled('This replication rule is OK');
  if (rule.state === 'REPLICATING')
    return settled('This replication rule is currently REPLICATING');
  if (rule.state === 'SUSPENDED') return settled('This replication rule is SUSPENDED');
  const stuck = rule.locks.filter(({ state }) => state === 'STUCK');
  return { rule_error: rule.error, transfers: stuck.map((lock) => lackingFile(store, lock)) };
}

function settled(text: string): Json {
  return { rule_error: text, transfers: [] };
}

function lackingFile(store: DemoStore, { file, rse }: DemoLock): Json {
  const attempts = pastRequests(store).filter(
    (request) => request.file === file && request.destination === rse,
  );
  const last = attempts.at(-1);
  const sources = store.replicas(file).filter(({ state }) => state === 'AVAILABLE');
  return {
    scope: file.scope,
    name: file.name,
    rse_id: stableId('rse', rse.rse),
    rse: rse.rse,
    attempts: attempts.length,
    // As Python shows a value of its kind.
    last_error: last === undefined ? 'None' : `RequestState.${last.state}`,
    last_source: last?.source?.rse ?? null,
    sources: last === undefined ? [] : sources.map((each) => [each.rse.rse, each.rse.readable]),
    last_time: last === undefined ? null : rfc1123(store.createdAt),
  };
}
