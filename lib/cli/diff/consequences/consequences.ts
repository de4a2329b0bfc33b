import type { Manifest } from '../../../constructs/checks/manifest';
import { type Change, differences } from '../differences';
import { meaningOf } from '../meaning';
import { snapshotOf } from '../snapshot';
import { type StateDiff, identityOf } from '../state-diff';
import { isMap } from '../../values/values-map';
import { clientRules } from './clients';
import {
  type ClusterFacts,
  type Consequence,
  type Rule,
  type Severity,
  TOPICS,
  type Transition,
} from './consequence';
import { immutableRules } from './immutable';
import { loginRules } from './logins';
import { leftoverRules, limitRules, networkRules, toolRules } from './operations';
import { downtimeRules, podRules } from './pods';
import { secretRules } from './secrets';

const RULES: readonly Rule[] = [
  secretRules,
  immutableRules,
  podRules,
  downtimeRules,
  loginRules,
  clientRules,
  toolRules,
  limitRules,
  networkRules,
  leftoverRules,
];

/** The answers to the first questions. */
export interface Verdict {
  readonly pods: 'start' | 'roll' | 'stay' | 'stop' | 'none';
  readonly logins: 'kept' | 'lost' | 'partly lost' | 'at risk' | 'none';
  readonly downtime: 'no' | 'yes';
  /** How many things have to be done before the apply. */
  readonly actions: number;
}

export interface Outlook {
  readonly verdict: Verdict;
  /** By topic, and the worst first. */
  readonly consequences: readonly Consequence[];
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** What it does to users, callers and operators to go from one state to another. */
export function outlook(
  before: readonly Manifest[],
  after: readonly Manifest[],
  diff: StateDiff,
  options: { readonly namespace: string; readonly cluster?: ClusterFacts },
): Outlook {
  const [old, fresh] = [snapshotOf(before), snapshotOf(after)];
  const rolls = templateChanges(old.workload, fresh.workload);
  const transition: Transition = { before: old, after: fresh, diff, rolls, ...options };
  const consequences = RULES.flatMap((rule) => rule(transition)).sort(
    (one, two) =>
      SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(two.severity) ||
      TOPICS.indexOf(one.topic) - TOPICS.indexOf(two.topic),
  );
  return { verdict: verdictOf(transition, consequences), consequences };
}

/** Why the pods are replaced. */
function templateChanges(
  before: Manifest | undefined,
  after: Manifest | undefined,
): readonly Change[] {
  if (before === undefined || after === undefined) return [];
  if (identityOf(before) !== identityOf(after)) return [];
  const [old, fresh] = [before, after].map((it) => {
    const { spec } = meaningOf(it);
    return isMap(spec) ? spec['template'] : undefined;
  });
  return differences(old, fresh);
}

function verdictOf(transition: Transition, consequences: readonly Consequence[]): Verdict {
  return {
    pods: podsVerdict(transition),
    logins: loginsVerdict(transition, new Set(consequences.map(({ effect }) => effect))),
    downtime: consequences.some(({ effect }) => effect === 'downtime') ? 'yes' : 'no',
    actions: consequences.filter(({ severity }) => severity === 'error').length,
  };
}

function podsVerdict({ before, after, rolls }: Transition): Verdict['pods'] {
  if (after.workload === undefined) return before.workload === undefined ? 'none' : 'stop';
  if (before.workload === undefined) return 'start';
  if (identityOf(before.workload) !== identityOf(after.workload)) return 'start';
  return rolls.length > 0 ? 'roll' : 'stay';
}

function loginsVerdict(
  { before, after }: Transition,
  effects: ReadonlySet<Consequence['effect']>,
): Verdict['logins'] {
  if (before.server === undefined || after.workload === undefined) return 'none';
  if (effects.has('logins lost')) return 'lost';
  if (effects.has('logins at risk')) return 'at risk';
  return effects.has('logins partly lost') ? 'partly lost' : 'kept';
}
