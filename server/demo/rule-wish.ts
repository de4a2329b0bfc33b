import type { Grouping } from './demo-rule';
import { RucioFailure, UnhandledFailure } from './failure';
import { booleanParameter } from './parameters';
import { pythonRepr } from './python-repr';

/** A rule that somebody asks for, after Rucio's schema has accepted it. */
export interface RuleWish {
  readonly dids: readonly { readonly scope: string; readonly name: string }[];
  readonly account: string;
  readonly copies: number;
  readonly rseExpression: string;
  readonly grouping: Grouping;
  readonly weight: string | null;
  /** In seconds. */
  readonly lifetime: number | null;
  readonly locked: boolean;
  readonly subscriptionId: string | null;
  readonly sourceReplicaExpression: string | null;
  readonly activity: string;
  readonly notify: string | null;
  readonly purgeReplicas: boolean;
  readonly ignoreAvailability: boolean;
  readonly comment: string | null;
  readonly askApproval: boolean;
  readonly asynchronous: boolean;
  /** In seconds. */
  readonly delayInjection: number | null;
  readonly priority: number;
  readonly splitContainer: boolean;
  readonly meta: string | null;
}

export const DEFAULT_ACTIVITY = 'User Subscriptions';
export const ACTIVITIES: readonly string[] = [
  ...['Data Brokering', 'Data Consolidation', 'Data Rebalancing', 'Debug', 'Express'],
  ...['Functional Test', 'Group Subscriptions', 'Production Input', 'Production Output'],
  ...['Analysis Input', 'Analysis Output', 'Staging', 'T0 Export', 'T0 Tape'],
  ...['Upload/Download (Job)', 'Upload/Download (User)', DEFAULT_ACTIVITY, 'Data Challenge'],
];

type Body = Readonly<Record<string, unknown>>;

/**
 * Reads the body of `POST /rules/`.
 *
 * @param issuer - who asks, and whose rule it becomes where the body names nobody
 * @throws {RucioFailure} 400 for a missing or crooked parameter, 409 for what the schema refuses
 * @throws {UnhandledFailure} for a DID without scope or name
 */
export function parseRuleWish(body: Body, issuer: string): RuleWish {
  for (const key of ['dids', 'account', 'copies', 'rse_expression']) {
    if (!Object.hasOwn(body, key)) throw new RucioFailure(400, 'KeyError', `'${key}' not defined`);
  }
  const flag = (name: string) => booleanParameter(name, body[name], false);
  const flags = {
    locked: flag('locked'),
    purgeReplicas: flag('purge_replicas'),
    ignoreAvailability: flag('ignore_availability'),
    askApproval: flag('ask_approval'),
    asynchronous: flag('asynchronous'),
    splitContainer: flag('split_container'),
  };
  return {
    ...flags,
    account: text(body, 'account') ?? issuer,
    copies: integer(body, 'copies') ?? 0,
    rseExpression: requiredText(body, 'rse_expression'),
    grouping: choice(body, 'grouping', ['DATASET', 'NONE', 'ALL']) ?? 'DATASET',
    weight: text(body, 'weight'),
    lifetime: number(body, 'lifetime'),
    subscriptionId: text(body, 'subscription_id'),
    sourceReplicaExpression: text(body, 'source_replica_expression'),
    activity: parseActivity(body['activity'] ?? DEFAULT_ACTIVITY, 'rule', 409),
    notify: choice(body, 'notify', ['Y', 'C', 'N', 'P']),
    comment: comment(body),
    delayInjection: integer(body, 'delay_injection'),
    priority: integer(body, 'priority') ?? 3,
    meta: text(body, 'meta'),
    dids: dids(body['dids']),
  };
}

function refused(problem: string): RucioFailure {
  return new RucioFailure(409, 'InvalidObject', `Problem validating rule: ${problem}`);
}

function text(body: Body, key: string): string | null {
  const value = body[key] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw refused(`${pythonRepr(value)} is not of type 'string', 'null'`);
}

function requiredText(body: Body, key: string): string {
  const value = body[key];
  if (typeof value === 'string') return value;
  throw refused(`${pythonRepr(value)} is not of type 'string'`);
}

function number(body: Body, key: string): number | null {
  const value = body[key] ?? null;
  if (value === null || typeof value === 'number') return value;
  throw refused(`${pythonRepr(value)} is not of type 'number', 'null'`);
}

function integer(body: Body, key: string): number | null {
  const value = body[key];
  if (value === undefined || (value === null && key !== 'copies')) return null;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw refused(`${pythonRepr(value)} is not of type 'integer'`);
}

function choice<T extends string>(body: Body, key: string, choices: readonly T[]): T | null {
  const value = body[key] ?? null;
  if (value === null) return null;
  const found = choices.find((known) => known === value);
  if (found !== undefined) return found;
  throw refused(`${pythonRepr(value)} is not one of ${pythonRepr([...choices, null])}`);
}

function comment(body: Body): string | null {
  const value = text(body, 'comment');
  if (value !== null && value.length > 250) throw refused(`${pythonRepr(value)} is too long`);
  return value;
}

/**
 * An activity that Rucio knows.
 *
 * @param of - what is being validated, for the message
 * @throws {RucioFailure} InvalidObject, with the given status
 */
export function parseActivity(value: unknown, of: string, status: number): string {
  if (typeof value === 'string' && ACTIVITIES.includes(value)) return value;
  const problem = `${pythonRepr(value)} is not one of ${pythonRepr(ACTIVITIES)}`;
  throw new RucioFailure(status, 'InvalidObject', `Problem validating ${of}: ${problem}`);
}

function dids(value: unknown): RuleWish['dids'] {
  if (!Array.isArray(value)) throw refused(`${pythonRepr(value)} is not of type 'array'`);
  return (value as readonly unknown[]).map((did) => {
    const { name, scope } = (typeof did === 'object' ? (did ?? {}) : {}) as Body;
    if (typeof name !== 'string') throw new UnhandledFailure("'name'");
    if (typeof scope !== 'string') throw new UnhandledFailure("'scope'");
    return { scope, name };
  });
}
