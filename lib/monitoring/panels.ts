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
 * The panels of the dashboard, in order. Titles that the chart's dashboard had are kept where they
 * say what is shown, so that who knows that one finds everything again.
 *
 * @param job - what Prometheus calls the deployment
 */
export function panelsOf(job: string): readonly Panel[] {
  return [
    ...overview(job),
    ...users(),
    ...authentication(),
    ...toolCalls(),
    ...rucio(),
    ...traffic(),
    ...process(job),
  ];
}

function overview(job: string): Panel[] {
  const errors = sumBy([], increase(series('toolErrors', SITE), RANGE));
  const calls = sumBy([], increase(series('toolCalls', SITE), RANGE));
  const refused = sumBy([], increase(series('authRefusals'), RANGE));
  return [
    row('Overview'),
    stat('Service Up', 'none', sumBy([], other('up', job))),
    stat('Tool Calls (range)', 'short', calls),
    stat('Tool error share (range)', 'percentunit', ratio(errors, calls)),
    stat('Tool Call p95 latency', 's', quantile(0.95, buckets('toolCallDuration', SITE), RANGE)),
    stat('Auth success (range)', 'short', `${logins('login_completed')} or vector(0)`),
    stat(
      'Auth failures (range)',
      'short',
      `(${logins('login_refused')} or vector(0)) + (${logins('token_refused')} or vector(0)) + (${refused} or vector(0))`,
    ),
    stat('Requests to Rucio that fail (range)', 'percentunit', rucioFailures()),
  ];
}

const logins = (event: string) =>
  sumBy([], increase(series('oauthEvents', { ...SITE, event: `="${event}"` }), RANGE));

function rucioFailures(): string {
  const down = series('rucioRequests', { ...SITE, outcome: '="down"' });
  return ratio(
    sumBy([], increase(down, RANGE)),
    sumBy([], increase(series('rucioRequests', SITE), RANGE)),
  );
}

function users(): Panel[] {
  const events = (matcher: string) =>
    sumBy(['event'], rate(series('oauthEvents', { ...SITE, event: matcher }), STEP));
  const refused = series('oauthEvents', { ...SITE, reason: '!="none"' });
  return [
    row('Users and logins'),
    graph(
      'Logins step by step',
      'ops',
      [{ expr: events('=~"login_.*"'), legend: '{{event}}' }],
      'Started, consented, signed in at Rucio, completed: where users stop.',
    ),
    graph('Login and token refusals', 'ops', [
      { expr: sumBy(['event', 'reason'], rate(refused, STEP)), legend: '{{event}} {{reason}}' },
    ]),
    graph('Tokens and clients', 'ops', [
      { expr: events('=~"token_.*|client_.*"'), legend: '{{event}}' },
    ]),
  ];
}

/** A login ends by itself after ten minutes. */
const LOGIN_LIFE = '10m';

function authentication(): Panel[] {
  const robot = sumBy(['site', 'outcome'], rate(series('rucioLogins', SITE), STEP));
  const ends = series('oauthEvents', { ...SITE, event: '=~"login_(completed|refused)"' });
  const underWay = series('oauthEvents', {
    ...SITE,
    event: '=~"login_(started|consented|signed_in)"',
  });
  return [
    row('Authentication'),
    graph('Auth outcome rate', 'ops', [
      { expr: sumBy(['event', 'reason'], rate(ends, STEP)), legend: '{{event}} {{reason}}' },
    ]),
    stat(
      'Auth success ratio',
      'percentunit',
      ratio(logins('login_completed'), sumBy([], increase(ends, RANGE))),
    ),
    graph(
      'In-flight bridge sessions by status',
      'short',
      [{ expr: sumBy(['event'], increase(underWay, LOGIN_LIFE)), legend: '{{event}}' }],
      'Steps of logins in the last ten minutes, which is how long a login may take. No pod keeps them.',
    ),
    graph('401 challenge rate', 'ops', [
      { expr: sumBy(['reason'], rate(series('authRefusals'), STEP)), legend: '{{reason}}' },
    ]),
    graph('Logins of the robot', 'ops', [{ expr: robot, legend: '{{site}} {{outcome}}' }]),
    graph('Requests refused by a rate limit', 'ops', [
      { expr: sumBy(['route'], rate(series('rateLimitRefusals'), STEP)), legend: '{{route}}' },
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
    graph('Tool call latency by tool, p95', 's', [
      { expr: quantile(0.95, duration, STEP, ['tool']), legend: '{{tool}}' },
    ]),
    graph(
      'Tool call latency by outcome, p95',
      's',
      [{ expr: quantile(0.95, duration, STEP, ['status']), legend: '{{status}}' }],
      'Errors that take as long as the deadline are time-outs; quick ones are answers.',
    ),
    graph('Tool calls by outcome', 'ops', [
      { expr: sumBy(['status'], rate(series('toolCalls', SITE), STEP)), legend: '{{status}}' },
    ]),
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
    graph('Size of answers, p95', 'bytes', [
      {
        expr: quantile(0.95, buckets('toolResponseBytes', SITE), STEP, ['tool']),
        legend: '{{tool}}',
      },
    ]),
    graph(
      'Results that leave something out',
      'ops',
      [
        {
          expr: sumBy(['tool', 'cause'], rate(series('toolTruncations', SITE), STEP)),
          legend: '{{tool}} {{cause}}',
        },
      ],
      'page: more pages follow. size: cut to fit into one answer; a narrower request would tell all.',
    ),
  ];
}

function rucio(): Panel[] {
  const byOperation = (matchers: Parameters<typeof series<'rucioRequests'>>[1]) =>
    sumBy(['site', 'operation'], rate(series('rucioRequests', matchers), STEP));
  const requests = sumBy(['site', 'outcome'], rate(series('rucioRequests', SITE), STEP));
  const latency = buckets('rucioRequestDuration', SITE);
  const expiry = series('credentialExpiry', SITE);
  return [
    row('Rucio upstream'),
    graph('Requests to Rucio', 'reqps', [{ expr: requests, legend: '{{site}} {{outcome}}' }]),
    graph('Latency of Rucio, p95', 's', [
      { expr: quantile(0.95, latency, STEP, ['operation']), legend: '{{operation}}' },
    ]),
    graph('Latency of Rucio by site, p95', 's', [
      { expr: quantile(0.95, latency, STEP, ['site']), legend: '{{site}}' },
    ]),
    graph(
      'Requests to Rucio without a usable answer',
      'reqps',
      [
        {
          // 0 where all is well, and not nothing.
          expr: `${byOperation({ ...SITE, outcome: '="down"' })} or 0 * ${byOperation(SITE)}`,
          legend: '{{site}} {{operation}}',
        },
      ],
      'By operation: one that fails alone is slow or broken at Rucio, all of them together is the network.',
    ),
    graph(
      'Life left of the certificate of the robot',
      's',
      [{ expr: `${expiry} - time()`, legend: '{{site}} {{type}}' }],
      'Empty where the robot signs in without a certificate.',
    ),
    graph(
      'State store',
      'none',
      [
        { expr: series('stateStoreUp'), legend: 'up {{pod}}' },
        {
          expr: sumBy(['outcome'], rate(series('stateStoreQuestions'), STEP)),
          legend: 'questions/s {{outcome}}',
        },
      ],
      'The Redis that pods share; empty without one.',
    ),
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
  const reloads = sumBy(['secret', 'outcome'], increase(series('secretReloads'), RANGE));
  return [
    row('Process Health'),
    graph('Process resident memory', 'bytes', [
      { expr: other('residentMemory', job), legend: '{{pod}}' },
    ]),
    graph('CPU', 'none', [{ expr: rate(other('cpu', job), STEP), legend: '{{pod}}' }]),
    graph('Event loop lag, p99', 's', [{ expr: other('eventLoopLag', job), legend: '{{pod}}' }]),
    graph(
      'Cached Rucio clients',
      'reqps',
      [{ expr: sumBy(['site'], rate(series('rucioRequests', SITE), STEP)), legend: '{{site}}' }],
      'This server keeps no clients: shown are the requests that it sends to Rucio.',
    ),
    graph('Requests that are being answered', 'short', [
      { expr: sumBy(['site'], series('openStreams', SITE)), legend: '{{site}}' },
    ]),
    graph('Open file descriptors', 'short', [
      { expr: other('openFds', job), legend: '{{pod}}' },
      { expr: `min(${other('maxFds', job)})`, legend: 'limit' },
    ]),
    graph(
      'Connections of clients',
      'short',
      [
        { expr: series('openConnections'), legend: 'open {{pod}}' },
        {
          expr: sumBy(['reason'], rate(series('connectionsClosed'), STEP)),
          legend: 'closed/s, {{reason}}',
        },
      ],
      'Closed: there were more than limits.connections. The longest idle one makes room (idle), or the new one is refused.',
    ),
    graph('Secrets read again', 'short', [{ expr: reloads, legend: '{{secret}} {{outcome}}' }]),
    graph(
      'Batches of traces',
      'ops',
      [{ expr: sumBy(['outcome'], rate(series('traceExports'), STEP)), legend: '{{outcome}}' }],
      'Sent to the OpenTelemetry collector; empty without one. What fails is dropped.',
    ),
    graph(
      'Clocks of the pods',
      's',
      [{ expr: `${series('time')} - timestamp(${series('time')})`, legend: '{{pod}}' }],
      "How far they are from Prometheus' own; the time of a scrape is part of it.",
    ),
    {
      type: 'table',
      title: 'What runs',
      unit: 'none',
      width: 12,
      height: 4,
      targets: [{ expr: sumBy(['version', 'node'], series('buildInfo')), legend: '' }],
    },
  ];
}
