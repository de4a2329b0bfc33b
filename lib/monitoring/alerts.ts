import { other, rate, ratio, series, sumBy } from './promql';

/** An alert of Prometheus. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it has to hold. */
  readonly for: string;
  readonly labels: { readonly severity: 'critical' | 'warning' };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** Share of failed tool calls above which somebody should look. */
const ERROR_SHARE = 0.25;

/**
 * The alerts of one deployment.
 *
 * @param job - what Prometheus calls the deployment
 * @param namespace - where it runs
 */
export function alertsOf(job: string, namespace: string): readonly Alert[] {
  const calls = (matchers: { readonly status?: string }) =>
    sumBy([], rate(series('toolCalls', matchers), '10m'));
  return [
    {
      alert: 'RucioMcpDown',
      expr: `absent(${other('up', job)} == 1)`,
      for: '5m',
      labels: { severity: 'critical' },
      annotations: {
        summary: `No pod of ${job} answers`,
        description: `Prometheus could scrape no pod of ${job} in ${namespace} for five minutes.`,
      },
    },
    {
      alert: 'RucioMcpLoginFails',
      expr: `${sumBy(['site'], rate(series('rucioLogins', { outcome: '!="ok"' }), '10m'))} > 0`,
      for: '10m',
      labels: { severity: 'critical' },
      annotations: {
        summary: 'The robot can not sign in at Rucio',
        description: 'Logins at {{ $labels.site }} fail. Check the Secret with the credentials.',
      },
    },
    {
      alert: 'RucioMcpToolErrors',
      expr: `${ratio(calls({ status: '="error"' }), calls({}))} > ${ERROR_SHARE}`,
      for: '15m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'Many tool calls fail',
        description: 'Of the tool calls, {{ $value | humanizePercentage }} end with an error.',
      },
    },
  ];
}
