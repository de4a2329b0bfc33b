import type { Change } from '../differences';
import type { Snapshot } from '../snapshot';
import type { StateDiff } from '../state-diff';

/**
 * `error`: the apply fails, or pods do not start, unless somebody acts first; `warning`: users or
 * callers notice; `info`: good to know.
 */
export type Severity = 'error' | 'warning' | 'info';

/** What a consequence is about, in the order in which they are told. */
export const TOPICS = [
  'secrets',
  'immutable',
  'cluster',
  'pods',
  'downtime',
  'logins',
  'clients',
  'tools',
  'limits',
  'network',
  'leftovers',
] as const;
export type Topic = (typeof TOPICS)[number];

/** What applying a change does, beside the change itself. */
export interface Consequence {
  /** Stable name, for programs. */
  readonly id: string;
  readonly topic: Topic;
  readonly severity: Severity;
  readonly message: string;
  /** What to do about it; `null` where that is nothing. */
  readonly remedy: string | null;
  /** What it does to the verdict on logins or downtime. */
  readonly effect?: 'logins lost' | 'logins partly lost' | 'logins at risk' | 'downtime';
}

/** The way from one state of a deployment to another. */
export interface Transition {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly diff: StateDiff;
  readonly namespace: string;
  /** Why the pods are replaced; empty where they are not, or where none are there. */
  readonly rolls: readonly Change[];
  /** What only a cluster can tell; `undefined` where none was asked. */
  readonly cluster?: ClusterFacts;
}

export interface ClusterFacts {
  /** The Secrets that are there; `undefined` where nobody may look. */
  readonly secrets: ReadonlySet<string> | undefined;
  /** Secrets of the manifests that may be there already; what they hold is not looked at. */
  readonly unread: readonly string[];
  /** Kinds that nobody may list, so that what is left of them is not known. */
  readonly skippedKinds: readonly string[];
  /** Kinds that the API server does not know. */
  readonly unknownKinds: readonly string[];
  /** Fields that another manager has set and that an apply leaves there, by object. */
  readonly foreignFields: readonly { readonly object: string; readonly path: string }[];
}

/** One rule of the engine. */
export type Rule = (transition: Transition) => readonly Consequence[];

/** A list in a sentence, cut where it is long. */
export function listed(words: readonly string[], most = 6): string {
  if (words.length <= most) return words.join(', ');
  return `${words.slice(0, most).join(', ')} and ${words.length - most} more`;
}
