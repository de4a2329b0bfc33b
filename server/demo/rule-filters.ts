import type { DemoRule } from './demo-rule';
import { RucioFailure, UnhandledFailure } from './failure';
import type { Json } from './python-json';
import { ruleRow } from './rule-row';

/** Columns that Rucio keeps as letters and takes as such. */
const LETTERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  state: {
    R: 'REPLICATING',
    O: 'OK',
    S: 'STUCK',
    U: 'SUSPENDED',
    W: 'WAITING_APPROVAL',
    I: 'INJECT',
  },
  did_type: { F: 'FILE', D: 'DATASET', C: 'CONTAINER', A: 'ARCHIVE', X: 'DELETED_FILE' },
  grouping: { A: 'ALL', D: 'DATASET', N: 'NONE' },
};
const CLASSES: Readonly<Record<string, string>> = {
  state: 'RuleState',
  did_type: 'DIDType',
  grouping: 'RuleGrouping',
};
const DATES = ['created_before', 'created_after', 'updated_before', 'updated_after'];
const COLUMNS: ReadonlySet<string> = new Set([
  ...['account', 'scope', 'name', 'rse_expression', 'copies', 'expires_at', 'weight', 'locked'],
  ...['locks_ok_cnt', 'locks_replicating_cnt', 'locks_stuck_cnt', 'source_replica_expression'],
  ...['activity', 'notification', 'stuck_at', 'purge_replicas', 'ignore_availability', 'error'],
  ...['ignore_account_limit', 'priority', 'comments', 'eol_at', 'split_container', 'meta'],
  ...['created_at', 'updated_at', 'deleted_at'],
]);
/** Shown as a word, but compared as the letter that the database has. */
const NOTIFICATIONS: Readonly<Record<string, string>> = {
  NO: 'N',
  YES: 'Y',
  CLOSE: 'C',
  PROGRESS: 'P',
};
const IDENTIFIERS = ['id', 'subscription_id', 'child_rule_id'];

export type RuleFilter = (rule: DemoRule) => boolean;

/**
 * The conditions of a list of rules; all must hold. Of a repeated parameter the first counts.
 *
 * @throws {UnhandledFailure} where Rucio stumbles over a key or a value
 */
export function parseRuleFilters(query: URLSearchParams): RuleFilter {
  const conditions = [...new Set(query.keys())].map((key) => condition(key, query.get(key) ?? ''));
  return (rule) => conditions.every((holds) => holds(rule));
}

function condition(key: string, value: string): RuleFilter {
  if (DATES.includes(key)) return dateCondition(key, value);
  if ((key === 'account' || key === 'scope') && value.includes('*')) {
    const pattern = likePattern(value);
    return (rule) => pattern.test(key === 'account' ? rule.account : rule.did.scope);
  }
  const letters = LETTERS[key];
  if (letters !== undefined) {
    const word = letters[value];
    if (word === undefined) {
      throw new UnhandledFailure(`'${value}' is not a valid ${CLASSES[key] ?? ''}`);
    }
    return (rule) => ruleRow(rule)[key] === word;
  }
  if (IDENTIFIERS.includes(key)) return identifierCondition(key, value);
  if (!COLUMNS.has(key)) {
    throw new UnhandledFailure(`type object 'ReplicationRule' has no attribute '${key}'`);
  }
  if (key === 'notification') return (rule) => NOTIFICATIONS[rule.notification] === value;
  return (rule) => equals(ruleRow(rule)[key] ?? null, value);
}

function dateCondition(key: string, value: string): RuleFilter {
  if (!/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d UTC$/.test(value)) {
    throw new UnhandledFailure(
      `time data '${value}' does not match format '%a, %d %b %Y %H:%M:%S UTC'`,
    );
  }
  const date = Date.parse(value);
  const ofCreation = key.startsWith('created');
  const before = key.endsWith('before');
  return ({ createdAt, updatedAt }) => {
    const actual = ofCreation ? createdAt : updatedAt;
    return before ? actual <= date : actual >= date;
  };
}

function identifierCondition(key: string, value: string): RuleFilter {
  const id = value.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(id)) {
    throw new RucioFailure(500, 'RucioException', 'Badly formatted input (IDs?)');
  }
  return (rule) => ruleRow(rule)[key] === id;
}

/** As the database compares: numbers by value, truth values as 0 and 1, text by letter. */
function equals(actual: Json, value: string): boolean {
  if (typeof actual === 'boolean') return value === (actual ? '1' : '0');
  if (typeof actual === 'number') return value.trim() !== '' && Number(value) === actual;
  return actual === value;
}

function likePattern(value: string): RegExp {
  const source = value
    .replace(/[.\\+?^$[\](){}|]/g, '\\$&')
    .replace(/[*%]+/g, '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 'is');
}
