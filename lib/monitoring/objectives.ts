import { buckets, count, rate, select, series, sumBy } from './promql';

/** Errors of the server or of what it depends on; a name that does not exist is no failure of ours. */
const OUR_ERRORS = ['INTERNAL', 'LOGIN', 'RUCIO_DOWN'] as const;

/** What calls are promised, over 30 days. */
export interface Objective {
  /** First part of the names of its recording rules. */
  readonly name: string;
  /** What is a bad call, in words. */
  readonly bad: string;
  /** Share of good calls that is promised. */
  readonly target: number;
  /** Calls in seconds, by site: all, and the bad ones. */
  readonly total: (window: string) => string;
  readonly failed: (window: string) => string;
}

/** A call is slow above this; one of the histogram's own bounds. In seconds. */
const SLOW_SECONDS = 10;

/** Matchers of the series of one deployment. */
export interface Target {
  readonly job: string;
  readonly namespace: string;
}

/** Matchers of every series of a deployment. */
export const matchersOf = ({ job, namespace }: Target) => ({
  job: `="${job}"`,
  namespace: `="${namespace}"`,
});

const bySite = (expression: string) => sumBy(['site'], expression);

export function objectivesOf(target: Target): readonly Objective[] {
  const own = matchersOf(target);
  const timed = (window: string) => bySite(rate(count('toolCallDuration', own), window));
  return [
    {
      name: 'rucio_mcp:tool_call_errors',
      bad: `tool calls that end with ${OUR_ERRORS.join(', ')}`,
      target: 0.99,
      total: (window) => bySite(rate(series('toolCalls', own), window)),
      failed: (window) =>
        bySite(rate(series('toolErrors', { ...own, code: `=~"${OUR_ERRORS.join('|')}"` }), window)),
    },
    {
      name: 'rucio_mcp:tool_call_slow',
      bad: `tool calls that take more than ${SLOW_SECONDS} s`,
      target: 0.95,
      total: timed,
      failed: (window) => {
        const fast = buckets('toolCallDuration', { ...own, le: `="${SLOW_SECONDS}"` });
        return `(${timed(window)} - ${bySite(rate(fast, window))})`;
      },
    },
  ];
}

/** A burn rate is too high when it is so over both windows: long enough, and still going on. */
export interface Burn {
  readonly factor: number;
  readonly long: string;
  readonly short: string;
  readonly severity: 'critical' | 'warning';
}

/**
 * The first one spends 2 % of a month's budget in an hour, the last one 10 % in three days.
 *
 * @see https://sre.google/workbook/alerting-on-slos/ (multiwindow, multi-burn-rate alerts)
 */
export const BURNS: readonly Burn[] = [
  { factor: 14.4, long: '1h', short: '5m', severity: 'critical' },
  { factor: 6, long: '6h', short: '30m', severity: 'critical' },
  { factor: 3, long: '1d', short: '2h', severity: 'warning' },
  { factor: 1, long: '3d', short: '6h', severity: 'warning' },
];

/** Every window that a burn rate looks at, once. */
export const WINDOWS: readonly string[] = [
  ...new Set(BURNS.flatMap(({ long, short }) => [short, long])),
];

/** What the recording rule of an objective has found for one deployment. */
export function recorded(objective: Objective, window: string, target: Target): string {
  return select(recordOf(objective, window), matchersOf(target));
}

/** Name of the recording rule of an objective's share of bad calls. */
export function recordOf({ name }: Pick<Objective, 'name'>, window: string): string {
  return `${name}:ratio_rate${window}`;
}
