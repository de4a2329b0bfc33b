import type { UsersResult } from './job';
import type { Usage } from './sampler';

/** One run: who was under which load, and what it showed. */
export interface Run {
  readonly who: string;
  readonly load: string;
  readonly result: UsersResult;
  /** undefined for the floor: nobody serves it. */
  readonly usage: Usage | undefined;
  readonly gcSeconds: number | undefined;
}

const HEAD = [
  'who',
  'load',
  'calls/s',
  'p50 ms',
  'p90 ms',
  'p99 ms',
  'CPU ms/call',
  'cores',
  'CPU wait',
  'GC share',
  'RSS MiB start / end / max',
  'slope MiB/h',
  'open fds',
  'calls',
  'errors',
];

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const mebibytes = (bytes: number) => String(Math.round(bytes / 1024 / 1024));

/** A Markdown table. */
export function toTable(runs: readonly Run[]): string {
  const lines = [HEAD, HEAD.map(() => '---'), ...runs.map(cells)];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function cells({ who, load, result, usage, gcSeconds }: Run): string[] {
  const { calls, seconds, p50, p90, p99, errors } = result;
  const slope = usage?.slopePerHour;
  const used =
    usage === undefined
      ? ['-', '-', '-', '-', '-', '-', '-']
      : [
          ((usage.cpuSeconds * 1000) / calls).toFixed(2),
          (usage.cpuSeconds / seconds).toFixed(2),
          percent(usage.waitSeconds / seconds),
          percent((gcSeconds ?? 0) / seconds),
          [usage.rssStart, usage.rssEnd, usage.rssMax].map(mebibytes).join(' / '),
          slope === undefined ? '-' : mebibytes(slope),
          String(usage.fdsMax),
        ];
  return [
    who,
    load,
    (calls / seconds).toFixed(0),
    p50.toFixed(0),
    p90.toFixed(0),
    p99.toFixed(0),
    ...used,
    String(calls),
    String(errors),
  ];
}
