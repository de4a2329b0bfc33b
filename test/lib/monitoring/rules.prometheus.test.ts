import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { stringify } from 'yaml';

import { alertsOf } from '../../../lib/monitoring/alerts';
import { rulesOf } from '../../../lib/monitoring/rules';
import { describeWith } from '../../support/requirements';

const run = promisify(execFile);
const TARGET = { job: 'rucio-mcp', namespace: 'mcp' };

/** A series as `promtool test rules` writes it: name, labels, one sample a minute. */
type Series = readonly [name: string, labels: Readonly<Record<string, string>>, values: string];

interface Case {
  readonly alert: string;
  readonly severity: 'critical' | 'warning';
  /** What makes it fire, and when it has to be firing. */
  readonly fires: readonly Series[];
  readonly at: string;
  /** The same with less, at the same time: it does not fire. */
  readonly quiet: readonly Series[];
}

const site = { site: 'atlas' };
/** Calls and failures a minute. */
const calls = (good: number, failing: number): Series[] => [
  [
    'rucio_mcp_tool_calls_total',
    { ...site, tool: 'rucio_get_did', status: 'ok' },
    `0+${good}x6000`,
  ],
  [
    'rucio_mcp_tool_errors_total',
    { ...site, tool: 'rucio_get_did', code: 'RUCIO_DOWN' },
    `0+${failing}x6000`,
  ],
];
/** Calls a minute that are fast, and that are slow. */
const timed = (fast: number, slow: number): Series[] => {
  const labels = { ...site, tool: 'rucio_get_did' };
  const name = 'rucio_mcp_tool_call_duration_seconds';
  return [
    [`${name}_bucket`, { ...labels, le: '10' }, `0+${fast}x6000`],
    [`${name}_count`, labels, `0+${fast + slow}x6000`],
  ];
};
const rucio = (ok: number, down: number): Series[] => [
  [
    'rucio_mcp_rucio_requests_total',
    { ...site, operation: 'get_did', outcome: 'ok' },
    `0+${ok}x60`,
  ],
  [
    'rucio_mcp_rucio_requests_total',
    { ...site, operation: 'get_did', outcome: 'down' },
    `0+${down}x60`,
  ],
];
const robot = (errors: number): Series[] => [
  ['rucio_mcp_rucio_logins_total', { ...site, outcome: 'error' }, `0+${errors}x60`],
];
const logins = (refused: number, completed: number): Series[] => [
  [
    'rucio_mcp_oauth_events_total',
    { ...site, event: 'login_refused', reason: 'temporarily_unavailable' },
    `0+${refused}x60`,
  ],
  [
    'rucio_mcp_oauth_events_total',
    { ...site, event: 'login_completed', reason: 'none' },
    `0+${completed}x60`,
  ],
];
const store = (up: number): Series[] => [
  ['rucio_mcp_state_store_up', { store: 'redis' }, `${up}x60`],
];
const expiry = (type: string, hours: number): Series[] => [
  ['rucio_mcp_credential_expiry_timestamp_seconds', { ...site, type }, `${hours * 3600}x60`],
];
const reloads = (errors: string): Series[] => [
  ['rucio_mcp_secret_reloads_total', { secret: 'bearer', outcome: 'error' }, errors],
];
const lag = (seconds: number): Series[] => [
  ['nodejs_eventloop_lag_p99_seconds', {}, `${seconds}x60`],
];

const CASES: readonly Case[] = [
  {
    alert: 'RucioMcpDown',
    severity: 'critical',
    fires: [['up', {}, '0x60']],
    at: '10m',
    quiet: [['up', {}, '1x60']],
  },
  {
    alert: 'RucioMcpErrorBudgetBurns',
    severity: 'critical',
    fires: calls(100, 20),
    at: '2h',
    quiet: calls(1000, 5),
  },
  {
    alert: 'RucioMcpErrorBudgetBurns',
    severity: 'warning',
    fires: calls(1000, 40),
    at: '30h',
    quiet: calls(1000, 5),
  },
  {
    alert: 'RucioMcpLatencyBudgetBurns',
    severity: 'critical',
    fires: timed(10, 90),
    at: '2h',
    quiet: timed(98, 2),
  },
  {
    alert: 'RucioMcpLatencyBudgetBurns',
    severity: 'warning',
    fires: timed(80, 20),
    at: '30h',
    quiet: timed(98, 2),
  },
  {
    alert: 'RucioMcpRucioFails',
    severity: 'warning',
    fires: rucio(10, 20),
    at: '30m',
    quiet: rucio(20, 10),
  },
  {
    alert: 'RucioMcpLoginFails',
    severity: 'critical',
    fires: robot(1),
    at: '30m',
    quiet: robot(0),
  },
  {
    alert: 'RucioMcpUsersCanNotSignIn',
    severity: 'critical',
    fires: logins(1, 0),
    at: '40m',
    quiet: logins(1, 1),
  },
  {
    alert: 'RucioMcpStateStoreDown',
    severity: 'critical',
    fires: store(0),
    at: '5m',
    quiet: store(1),
  },
  {
    alert: 'RucioMcpCredentialExpires',
    severity: 'warning',
    fires: expiry('x509', 24 * 10),
    at: '10m',
    quiet: expiry('x509', 24 * 20),
  },
  {
    alert: 'RucioMcpCredentialExpires',
    severity: 'warning',
    fires: expiry('x509_proxy', 3),
    at: '10m',
    quiet: expiry('x509_proxy', 24),
  },
  {
    alert: 'RucioMcpSecretReloadFails',
    severity: 'warning',
    fires: reloads('0 0 1 1 2 2 3x30'),
    at: '10m',
    quiet: reloads('0x60'),
  },
  {
    alert: 'RucioMcpRefusesCalls',
    severity: 'warning',
    at: '30m',
    fires: [['rucio_mcp_rate_limit_refusals_total', { route: '/site/atlas/' }, '0+30x60']],
    // Sign-in refuses whom it should.
    quiet: [
      ['rucio_mcp_rate_limit_refusals_total', { route: '/site/atlas/' }, '0+3x60'],
      ['rucio_mcp_rate_limit_refusals_total', { route: '/site/atlas/token' }, '0+600x60'],
    ],
  },
  {
    alert: 'RucioMcpEventLoopLags',
    severity: 'warning',
    fires: lag(0.8),
    at: '15m',
    quiet: lag(0.1),
  },
];

const written = ([name, labels, values]: Series) => {
  const all = { ...labels, job: TARGET.job, namespace: TARGET.namespace };
  const matchers = Object.entries(all).map(([label, value]) => `${label}="${value}"`);
  return { series: `${name}{${matchers.join(',')}}`, values };
};

test('every alert is tried', () => {
  const tried = CASES.map(({ alert, severity }) => `${alert} ${severity}`);
  const all = alertsOf(TARGET).map(({ alert, labels }) => `${alert} ${labels.severity}`);
  expect([...new Set(tried)].sort()).toEqual(all.sort());
});

describeWith('prometheus', 'the rules, for promtool', (prometheus) => {
  const promtool = join(dirname(prometheus), 'promtool');
  let directory: string;
  let rules: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-rules-'));
    rules = join(directory, 'rules.yaml');
    await writeFile(rules, stringify({ groups: [{ name: 'all', rules: rulesOf(TARGET) }] }));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('are right', async () => {
    const { stdout } = await run(promtool, ['check', 'rules', rules]);
    expect(stdout).toContain('SUCCESS');
  });

  test.each(CASES.map((it) => [`${it.alert} (${it.severity})`, it] as const))(
    '%s fires when it should, and not before',
    async (_name, { alert, severity, fires, quiet, at }) => {
      // Days of minutes take long to evaluate.
      const interval = at === '30h' ? '10m' : '1m';
      // Labels and texts differ from case to case: that it fires at all is asked for as a query.
      const firing = `count(ALERTS{alertname="${alert}", severity="${severity}", alertstate="firing"})`;
      const test = (series: readonly Series[], samples: object[]) => ({
        interval,
        input_series: series.map(written),
        promql_expr_test: [{ expr: firing, eval_time: at, exp_samples: samples }],
      });
      const file = join(directory, `${alert}-${severity}-${fires[0]?.[2].length ?? 0}.yaml`);
      await writeFile(
        file,
        stringify({
          rule_files: [rules],
          evaluation_interval: interval,
          tests: [test(fires, [{ labels: '{}', value: 1 }]), test(quiet, [])],
        }),
      );
      const { stdout } = await run(promtool, ['test', 'rules', file]).catch((error: unknown) => {
        const failed = error as { stdout: string; stderr: string };
        return { stdout: `${failed.stdout}\n${failed.stderr}` };
      });
      expect(stdout).toContain('SUCCESS');
    },
    60_000,
  );
});
