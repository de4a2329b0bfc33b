import type { Figures } from './measure';

/** One measured row: who, what, under which load. */
export interface Measured {
  readonly who: string;
  readonly call: string;
  readonly concurrency: number;
  readonly figures: Figures;
}

const HEAD = ['call', 'concurrency', 'who', 'calls/s', 'CPU ms/call', 'p50', 'p95', 'p99', 'calls'];

/** A Markdown table; times in milliseconds. */
export function toTable(rows: readonly Measured[]): string {
  const cells = rows.map(({ who, call, concurrency, figures }) => [
    call,
    String(concurrency),
    who,
    figures.perSecond.toFixed(figures.perSecond < 100 ? 1 : 0),
    figures.cpuMsPerCall?.toFixed(2) ?? '-',
    figures.p50.toFixed(1),
    figures.p95.toFixed(1),
    figures.p99.toFixed(1),
    String(figures.calls),
  ]);
  const lines = [HEAD, HEAD.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`);
  return lines.join('\n');
}

/** How the servers compare with the first one, our own, under the same load. */
export function ratios(rows: readonly Measured[], ours: string): string[] {
  return rows
    .filter(({ who }) => who !== ours)
    .flatMap((other) => {
      const own = rows.find(
        ({ who, call, concurrency }) =>
          who === ours && call === other.call && concurrency === other.concurrency,
      );
      if (own === undefined) return [];
      const speed = own.figures.perSecond / other.figures.perSecond;
      const added = own.figures.p50 - other.figures.p50;
      const { cpuMsPerCall: a } = own.figures;
      const { cpuMsPerCall: b } = other.figures;
      const cpu =
        a === undefined || b === undefined || a === 0
          ? ''
          : `, ${(b / a).toFixed(1)} x the calls for a second of CPU`;
      return [
        `- ${other.call}, concurrency ${other.concurrency}: ${ours} makes ${speed.toFixed(2)} x the ` +
          `calls of ${other.who}, p50 ${added >= 0 ? '+' : ''}${added.toFixed(1)} ms${cpu}`,
      ];
    });
}
