import type { Run } from './measure';

/** One measured row: who, what, under which load. */
export interface Measured {
  readonly who: string;
  readonly call: string;
  readonly concurrency: number;
  readonly run: Run;
  /** Milliseconds of CPU that one call costs the server's process; undefined: there is none. */
  readonly serverCpuMs: number | undefined;
}

const HEAD = [
  'call',
  'concurrency',
  'who',
  'calls/s',
  'of floor',
  'server CPU ms/call',
  'p50',
  'p95',
  'p99',
  'client CPU ms/call',
  'calls',
];

/** Who is the floor: the same REST call without a server in between. */
export const FLOOR = 'floor (undici)';

/** A Markdown table; times in milliseconds. */
export function toTable(rows: readonly Measured[]): string {
  const cells = rows.map((row) => {
    const { who, call, concurrency, run, serverCpuMs } = row;
    const floor = rows.find((other) => other.who === FLOOR && isSameLoad(other, row));
    return [
      call,
      String(concurrency),
      who,
      run.perSecond.toFixed(run.perSecond < 100 ? 1 : 0),
      floor === undefined ? '-' : (run.perSecond / floor.run.perSecond).toFixed(2),
      serverCpuMs?.toFixed(2) ?? '-',
      run.p50.toFixed(1),
      run.p95.toFixed(1),
      run.p99.toFixed(1),
      run.clientCpuMs.toFixed(2),
      String(run.calls),
    ];
  });
  const lines = [HEAD, HEAD.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`);
  return lines.join('\n');
}

/** How ours compare with the others under the same load. */
export function ratios(rows: readonly Measured[], ours: readonly string[]): string[] {
  return rows
    .filter(({ who }) => ours.includes(who))
    .flatMap((own) =>
      rows
        .filter((other) => !ours.includes(other.who) && isSameLoad(own, other))
        .map((other) => ratio(own, other)),
    );
}

function ratio(own: Measured, other: Measured): string {
  const speed = own.run.perSecond / other.run.perSecond;
  const added = own.run.p50 - other.run.p50;
  const [a, b] = [own.serverCpuMs, other.serverCpuMs];
  const cpu =
    a === undefined || b === undefined || a === 0
      ? ''
      : `, ${(b / a).toFixed(1)} x the calls for a second of CPU`;
  return (
    `- ${own.call}, concurrency ${own.concurrency}: ${own.who} makes ${speed.toFixed(2)} x the ` +
    `calls of ${other.who}, p50 ${added >= 0 ? '+' : ''}${added.toFixed(1)} ms${cpu}`
  );
}

function isSameLoad(a: Measured, b: Measured): boolean {
  return a.call === b.call && a.concurrency === b.concurrency;
}
