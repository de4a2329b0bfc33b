import { PATHS } from '../contract/endpoints';
import {
  BURNS,
  type Burn,
  type Objective,
  type Target,
  matchersOf,
  objectivesOf,
  recorded,
} from './objectives';
import { OTHER_METRICS, increase, other, rate, series, sumBy } from './promql';

/** An alert of Prometheus. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it has to hold. */
  readonly for: string;
  readonly labels: { readonly severity: 'critical' | 'warning' };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    /** Page of the project's documentation, or its URL where the operator has told one. */
    readonly runbook?: string;
    readonly runbook_url?: string;
  };
}

/** A certificate has to be renewed before; proxies live hours or days. In seconds. */
const CERTIFICATE_SECONDS = 14 * 24 * 3600;
const PROXY_SECONDS = 6 * 3600;
/** Above it, answers of all users wait. In seconds. */
const LAG_SECONDS = 0.5;
/** Share of requests to Rucio that fail above which the site is taken for down. */
const RUCIO_SHARE = 0.5;

/** The MCP endpoints of all sites; sign-in has limits of its own, which are meant to refuse. */
const MCP_ROUTES = `=~"${PATHS.sites}/[^/]+/?"`;
/** Refused calls a second above which users notice. */
const REFUSALS = 0.1;

/** Where the pages of the alerts lie in the project. */
export const RUNBOOKS = 'docs/runbooks';

type Unlinked = Omit<Alert, 'annotations'> & {
  readonly annotations: Pick<Alert['annotations'], 'summary' | 'description'>;
};

/**
 * The alerts of one deployment, each with a page that says what to do.
 *
 * @param target - what Prometheus calls the deployment, and its namespace
 * @param runbookBaseUrl - where the pages are published; empty: their path in the project is told
 */
export function alertsOf(target: Target, runbookBaseUrl = ''): readonly Alert[] {
  const all = [
    ...podAlerts(target),
    ...objectivesOf(target).flatMap((objective) => burnAlerts(objective, target)),
    ...signInAlerts(target),
    ...secretAlerts(target),
  ];
  return all.map((alert) => ({
    ...alert,
    annotations: { ...alert.annotations, ...runbook(alert.alert, runbookBaseUrl) },
  }));
}

function podAlerts(target: Target): Unlinked[] {
  const { job, namespace } = target;
  const own = matchersOf(target);
  return [
    {
      alert: 'RucioMcpDown',
      expr: `absent(${other('up', job, own)} == 1)`,
      for: '5m',
      labels: { severity: 'critical' },
      annotations: {
        summary: `No pod of ${job} answers`,
        description: `Prometheus could scrape no pod of ${job} in ${namespace} for five minutes.`,
      },
    },
    {
      alert: 'RucioMcpRucioFails',
      expr:
        sumBy(['site'], rate(series('rucioRequests', { ...own, outcome: '="down"' }), '10m')) +
        ` / ${sumBy(['site'], rate(series('rucioRequests', own), '10m'))} > ${RUCIO_SHARE}`,
      for: '10m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'Rucio of {{ $labels.site }} fails',
        description:
          'More than half of the requests to the Rucio server of {{ $labels.site }} fail or time out.',
      },
    },
    {
      alert: 'RucioMcpRefusesCalls',
      expr: `${sumBy(['route'], rate(series('rateLimitRefusals', { ...own, route: MCP_ROUTES }), '10m'))} > ${REFUSALS}`,
      for: '10m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'The pods refuse calls because they are full',
        description: '{{ $labels.route }} answers {{ $value }} requests a second with 429.',
      },
    },
    {
      alert: 'RucioMcpEventLoopLags',
      expr: `${other('eventLoopLag', job, own)} > ${LAG_SECONDS}`,
      for: '10m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'A pod has too much to do',
        description: `${OTHER_METRICS.eventLoopLag} of {{ $labels.pod }} is {{ $value }} s.`,
      },
    },
  ];
}

function signInAlerts(target: Target): Unlinked[] {
  const own = matchersOf(target);
  return [
    {
      alert: 'RucioMcpLoginFails',
      expr: `${sumBy(['site'], rate(series('rucioLogins', { ...own, outcome: '!="ok"' }), '10m'))} > 0`,
      for: '10m',
      labels: { severity: 'critical' },
      annotations: {
        summary: 'The robot can not sign in at Rucio',
        description: 'Logins at {{ $labels.site }} fail. Check the Secret with the credentials.',
      },
    },
    {
      alert: 'RucioMcpUsersCanNotSignIn',
      expr:
        `${sumBy(['site'], increase(series('oauthEvents', { ...own, event: '="login_refused"', reason: '=~"temporarily_unavailable|server_error"' }), '30m'))} > 3` +
        ` unless ${sumBy(['site'], increase(series('oauthEvents', { ...own, event: '="login_completed"' }), '30m'))} > 0`,
      for: '5m',
      labels: { severity: 'critical' },
      annotations: {
        summary: 'Nobody can sign in at {{ $labels.site }}',
        description:
          'Logins at {{ $labels.site }} end with an error of Rucio or of the server, and none succeeds.',
      },
    },
    {
      alert: 'RucioMcpStateStoreDown',
      expr: `${series('stateStoreUp', own)} == 0`,
      for: '2m',
      labels: { severity: 'critical' },
      annotations: {
        summary: 'A pod can not reach Redis',
        description: '{{ $labels.pod }} can issue no tokens, and lets in only whom it knows.',
      },
    },
  ];
}

function secretAlerts(target: Target): Unlinked[] {
  const own = matchersOf(target);
  return [
    {
      alert: 'RucioMcpCredentialExpires',
      expr:
        `${series('credentialExpiry', { ...own, type: '="x509"' })} - time() < ${CERTIFICATE_SECONDS}` +
        ` or ${series('credentialExpiry', { ...own, type: '="x509_proxy"' })} - time() < ${PROXY_SECONDS}`,
      for: '5m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'The certificate of the robot ends soon',
        description: 'It ends in {{ $value | humanizeDuration }}. Renew it in its Secret.',
      },
    },
    {
      alert: 'RucioMcpSecretReloadFails',
      expr: `${sumBy(['secret'], increase(series('secretReloads', { ...own, outcome: '="error"' }), '15m'))} > 0`,
      for: '5m',
      labels: { severity: 'warning' },
      annotations: {
        summary: 'A changed Secret can not be read',
        description: 'The pods go on with the last good {{ $labels.secret }}, until they restart.',
      },
    },
  ];
}

function runbook(alert: string, base: string) {
  return base === ''
    ? { runbook: `${RUNBOOKS}/${alert}.md` }
    : { runbook_url: `${base.replace(/\/+$/, '')}/${alert}.md` };
}

const BURN_ALERTS: Readonly<Record<string, string>> = {
  'rucio_mcp:tool_call_errors': 'RucioMcpErrorBudgetBurns',
  'rucio_mcp:tool_call_slow': 'RucioMcpLatencyBudgetBurns',
};

/** One alert for each severity: its burn rates are alternatives. */
function burnAlerts(objective: Objective, target: Target): Unlinked[] {
  const budget = 1 - objective.target;
  const record = (window: string) => recorded(objective, window, target);
  const burns = ({ factor, long, short }: Burn) => {
    const limit = Number((factor * budget).toPrecision(4));
    return `(${record(long)} > ${limit} and ${record(short)} > ${limit})`;
  };
  return (['critical', 'warning'] as const).map((severity) => ({
    alert: BURN_ALERTS[objective.name] ?? objective.name,
    expr: BURNS.filter((burn) => burn.severity === severity)
      .map(burns)
      .join(' or '),
    for: severity === 'critical' ? '2m' : '1h',
    labels: { severity },
    annotations: {
      summary: `${severity === 'critical' ? 'Too many' : 'Many'} ${objective.bad}`,
      description:
        `Of the calls at {{ $labels.site }}, {{ $value | humanizePercentage }} are ${objective.bad}; ` +
        `${Math.round(budget * 1000) / 10} % are allowed over a month.`,
    },
  }));
}
