import { buckets, increase, other, quantile, rate, ratio, series, sumBy } from './promql';

interface Target {
  readonly expr: string;
  readonly legend: string;
}

/** One panel of the dashboard; a row is a headline. */
export type Panel =
  | { readonly type: 'row'; readonly title: string; readonly width: 24; readonly height: 1 }
  | {
      readonly type: 'stat' | 'timeseries' | 'table';
      readonly title: string;
      readonly description?: string;
      /** Unit by Grafana's name. */
      readonly unit: string;
      /** Size in the 24-column grid. */
      readonly width: number;
      readonly height: number;
      readonly targets: readonly Target[];
    };

/** Grafana's own windows: of the whole range, and of one step of a graph. */
const RANGE = '$__range';
const STEP = '$__rate_interval';

const SITE = { site: '=~"$site"' } as const;

const row = (title: string): Panel => ({ type: 'row', title, width: 24, height: 1 });

function stat(title: string, unit: string, expr: string): Panel {
  return { type: 'stat', title, unit, width: 4, height: 4, targets: [{ expr, legend: '' }] };
}

function graph(
  title: string,
  unit: string,
  targets: readonly Target[],
  description?: string,
): Panel {
  const more = description === undefined ? {} : { description };
  return { type: 'timeseries', title, unit, width: 12, height: 8, targets, ...more };
}

/**
 * The panels of the dashboard, in order. Titles are those of the chart's dashboard, so that who
 * knows that one finds everything again.
 *
 * @param job - what Prometheus calls the deployment
 */
export function panelsOf(job: string): readonly Panel[] {
  return [...overview(job), ...authentication(), ...toolCalls(), ...traffic(), ...process(job)];
}

function overview(job: string): Panel[] {
  const logins = (outcome: string) => series('rucioLogins', { ...SITE, outcome });
  const refused = sumBy([], increase(series('authRefusals'), RANGE));
  return [
    row('Overview'),
    stat('Service Up', 'none', sumBy([], other('up', job))),
    stat('Tool Calls (range)', 'short', sumBy([], increase(series('toolCalls', SITE), RANGE))),
    stat('Tool Call p95 latency', 's', quantile(0.95, buckets('toolCallDuration', SITE), RANGE)),
    stat('Auth success (range)', 'short', sumBy([], increase(logins('="ok"'), RANGE))),
    stat(
      'Auth failures (range)',
      'short',
      `(${sumBy([], increase(logins('!="ok"'), RANGE))} or vector(0)) + (${refused} or vector(0))`,
    ),
  ];
}

function authentication(): Panel[] {
  const logins = (outcome?: string) =>
    sumBy(
      [],
      increase(series('rucioLogins', outcome === undefined ? SITE : { ...SITE, outcome }), RANGE),
    );
  const outcomes = sumBy(['outcome'], rate(series('rucioLogins', SITE), STEP));
  return [
    row('Authentication'),
    graph('Auth outcome rate', 'ops', [{ expr: outcomes, legend: '{{outcome}}' }]),
    stat('Auth success ratio', 'percentunit', ratio(logins('="ok"'), logins())),
    graph(
      'In-flight bridge sessions by status',
      'short',
      [{ expr: sumBy(['site'], series('openStreams', SITE)), legend: '{{site}}' }],
      'MCP requests that are being answered now.',
    ),
    graph('401 challenge rate', 'ops', [
      { expr: sumBy(['reason'], rate(series('authRefusals'), STEP)), legend: '{{reason}}' },
    ]),
  ];
}

function toolCalls(): Panel[] {
  const duration = buckets('toolCallDuration', SITE);
  const errors = series('toolErrors', SITE);
  return [
    row('Tool Calls'),
    graph('Tool call rate', 'ops', [
      { expr: sumBy(['tool'], rate(series('toolCalls', SITE), STEP)), legend: '{{tool}}' },
    ]),
    graph(
      'Tool call latency percentiles',
      's',
      [0.5, 0.95, 0.99].map((q) => ({
        expr: quantile(q, duration, STEP),
        legend: `p${Math.round(q * 100)}`,
      })),
    ),
    graph('Tool error rate by category', 'ops', [
      { expr: sumBy(['code'], rate(errors, STEP)), legend: '{{code}}' },
    ]),
    {
      type: 'table',
      title: 'Tool error totals (range)',
      unit: 'short',
      width: 12,
      height: 8,
      targets: [{ expr: sumBy(['tool', 'code'], increase(errors, RANGE)), legend: '' }],
    },
  ];
}

function traffic(): Panel[] {
  const requests = series('httpRequests');
  const discovery = series('httpRequests', { route: '=~"/[.]well-known.*"' });
  return [
    row('HTTP Traffic'),
    graph('HTTP request rate', 'reqps', [
      { expr: sumBy(['route'], rate(requests, STEP)), legend: '{{route}}' },
    ]),
    graph('Discovery / .well-known request rate', 'reqps', [
      { expr: sumBy(['route'], rate(discovery, STEP)), legend: '{{route}}' },
    ]),
    graph('HTTP response codes', 'reqps', [
      { expr: sumBy(['status'], rate(requests, STEP)), legend: '{{status}}' },
    ]),
    graph('HTTP p95 latency', 's', [
      {
        expr: quantile(0.95, buckets('httpRequestDuration'), STEP, ['route']),
        legend: '{{route}}',
      },
    ]),
  ];
}

function process(job: string): Panel[] {
  const rucio = sumBy(['site', 'outcome'], rate(series('rucioRequests', SITE), STEP));
  return [
    row('Process Health'),
    graph('Process resident memory', 'bytes', [
      { expr: other('residentMemory', job), legend: '{{pod}}' },
    ]),
    graph(
      'Cached Rucio clients',
      'reqps',
      [{ expr: rucio, legend: '{{site}} {{outcome}}' }],
      'This server keeps no clients: shown are its requests to Rucio.',
    ),
    graph('Open file descriptors', 'short', [{ expr: other('openFds', job), legend: '{{pod}}' }]),
  ];
}
