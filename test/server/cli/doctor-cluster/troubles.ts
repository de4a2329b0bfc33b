import type { Finding } from '../../../../server/cli/doctor-cluster/finding';
import type { KubectlAnswer } from '../../../support/fake-kubectl';
import {
  CONFIG,
  type Change,
  DEPLOYMENTS,
  PODS,
  answer,
  answerTo,
  at,
  edit,
} from './recorded-answers';

const failed = (stderr: string): KubectlAnswer => ({ stdout: '', stderr, code: 1 });
const notFound = failed('Error from server (NotFound): not found');
const forbidden = failed('Error from server (Forbidden): secrets is forbidden: User "x"');

const FIRST_NAME = ['items', '0', 'metadata', 'name'];
const CONTAINER = 'items 0 status containerStatuses 0';
const waits = (reason: string) => edit(PODS, `${CONTAINER} state`, { waiting: { reason } });
const conditions = (...list: object[]) => edit(DEPLOYMENTS, 'items 0 status conditions', list);
const SEALING = 'get secret rucio-mcp-sealing';
const RUCIO = 'https://rucio.example.org/ping';
const quota = { 'limits.memory': '2Gi' };
const MOUNT = 'MountVolume.SetUp failed: secret "rucio-mcp-redis" not found';
const blind = { type: 'ScalingActive', status: 'False', message: 'no metrics known' };
const UP = encodeURIComponent('up{namespace="mcp",endpoint="metrics"}');
const QUERY = `get --raw /api/v1/namespaces/prom/services/prometheus-operated:web/proxy/api/v1/query?query=${UP}`;
const inHours = (hours: number) => Math.floor(Date.now() / 1000) + hours * 3600;
const EXPIRY = 'rucio_mcp_credential_expiry_timestamp_seconds{site="atlas",type="x509_proxy"}';

/** Of each trouble: the check that finds it, as what, its words, and how it looks to kubectl. */
export const TROUBLES: readonly [
  string,
  Finding['check'],
  Finding['status'],
  RegExp,
  ...Change[],
][] = [
  [
    'pods that are refused',
    ...(['rollout', 'problem', /exceeded quota/] as const),
    conditions({ type: 'ReplicaFailure', status: 'True', message: 'forbidden: exceeded quota' }),
  ],
  [
    'a rollout that is stuck',
    ...(['rollout', 'problem', /stuck/] as const),
    conditions({ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }),
  ],
  [
    'a rollout that goes on',
    ...(['rollout', 'warning', /goes on/] as const),
    edit(DEPLOYMENTS, 'items 0 status updatedReplicas', 1),
  ],
  ['an image that is not there', 'pods', 'problem', /ImagePull/, waits('ImagePullBackOff')],
  ['a crash loop', 'pods', 'problem', /CrashLoopBackOff/, waits('CrashLoopBackOff')],
  [
    'a lack of memory',
    ...(['pods', 'warning', /restarted 3 times, last for lack of memory/] as const),
    edit(PODS, `${CONTAINER} restartCount`, 3),
    edit(PODS, `${CONTAINER} lastState`, { terminated: { reason: 'OOMKilled', exitCode: 137 } }),
  ],
  [
    'a pod without a node',
    ...(['pods', 'problem', /Insufficient memory/] as const),
    edit(PODS, 'items 0 status conditions', [
      { type: 'PodScheduled', status: 'False', message: '0/1 nodes: Insufficient memory' },
    ]),
  ],
  [
    'a Secret that a pod waits for',
    ...(['pods', 'problem', /secret "rucio-mcp-redis" not found/] as const),
    edit(PODS, 'items 0 status phase', 'Pending'),
    (answers) => {
      const involvedObject = { kind: 'Pod', name: at(answerTo(answers, PODS).stdout, FIRST_NAME) };
      answers['get events --field-selector=type=Warning --output=json'] = {
        stdout: { items: [{ involvedObject, reason: 'FailedMount', message: MOUNT }] },
      };
    },
  ],
  [
    'a quota that is used up',
    ...(['quota', 'warning', /all of limits.memory/] as const),
    edit('get resourcequotas', 'items', [
      { metadata: { name: 'q' }, status: { hard: quota, used: quota } },
    ]),
  ],
  [
    'a Service without ready pods',
    ...(['endpoints', 'problem', /no ready pod/] as const),
    edit('get endpointslices', 'items', []),
  ],
  [
    'a document that somebody edited',
    ...(['config', 'problem', /changed beside the Deployment/] as const),
    edit(CONFIG, 'data server.json', (old: unknown) => `${String(old)} `),
  ],
  ['a document that is gone', 'config', 'problem', /is not there/, answer(CONFIG, notFound)],
  [
    'a part of the server that is gone',
    ...(['bundle', 'problem', /missing: rucio-mcp/] as const),
    answer('get configmaps', { stdout: '' }),
  ],
  [
    'a Secret that is gone',
    'secrets',
    'problem',
    /"rucio-mcp-sealing" is not/,
    answer(SEALING, notFound),
  ],
  [
    'a Secret without its key',
    ...(['secrets', 'problem', /no key "sealing-keys", but other/] as const),
    answer(SEALING, { stdout: 'other 64\n' }),
  ],
  [
    'a key that is too short',
    ...(['secrets', 'problem', /has 8 bytes/] as const),
    answer(SEALING, { stdout: 'sealing-keys 8\n' }),
  ],
  ['a right that is missing', 'secrets', 'unknown', /forbidden/, answer(SEALING, forbidden)],
  [
    'a certificate of another host',
    ...(['tls', 'problem', /is not for example.org/] as const),
    edit('get ingresses', 'items 0 spec tls 0 hosts', ['example.org']),
  ],
  [
    'a certificate that was never made',
    ...(['tls', 'problem', /is not there/] as const),
    answer('get secret rucio-mcp-tls --output=go-template={{range', notFound),
  ],
  [
    'an unknown class of Ingresses',
    ...(['ingress', 'problem', /no IngressClass "nginx"/] as const),
    edit('get ingressclasses', 'items', []),
  ],
  [
    'an Ingress that nobody takes',
    ...(['ingress', 'warning', /no controller has taken it/] as const),
    edit('get ingresses', 'items 0 status', {}),
  ],
  [
    'a node whose clock is wrong',
    ...(['clock', 'problem', /differ by \d+ s/] as const),
    edit('exec', 'now', (now: unknown) => Number(now) + 3_600_000),
  ],
  [
    'a Rucio without an address',
    ...(['rucio', 'problem', /ENOTFOUND/] as const),
    edit('exec', 'rucio', [{ url: RUCIO, error: 'ENOTFOUND' }]),
  ],
  [
    'a Rucio that is not trusted',
    ...(['rucio', 'problem', /SELF_SIGNED/] as const),
    edit('exec', 'rucio', [{ url: RUCIO, error: 'DEPTH_ZERO_SELF_SIGNED_CERT' }]),
  ],
  [
    'a server that does not count',
    'metrics',
    'problem',
    /no metrics/,
    edit('exec', 'metrics', undefined),
  ],
  [
    'a Redis that is away',
    ...(['state store', 'problem', /nobody can sign in/] as const),
    edit('exec', 'metrics', 'rucio_mcp_state_store_up{store="redis"} 0'),
  ],
  [
    'a certificate that ends soon',
    ...(['credentials', 'warning', /1 more hours/] as const),
    (answers) => edit('exec', 'metrics', `${EXPIRY} ${inHours(2) - 60}`)(answers),
  ],
  [
    'an autoscaler that is blind',
    ...(['autoscaler', 'problem', /no metrics known/] as const),
    edit('get horizontalpodautoscalers', 'items', [
      {
        metadata: { name: 'rucio-mcp' },
        spec: { maxReplicas: 6, scaleTargetRef: { kind: 'Deployment', name: 'rucio-mcp' } },
        status: { conditions: [blind] },
      },
    ]),
  ],
  [
    'a budget that lets nobody go',
    ...(['disruption budget', 'warning', /no node can be drained/] as const),
    edit('get poddisruptionbudgets', 'items 0 status disruptionsAllowed', 0),
  ],
  [
    'no NetworkPolicy',
    'network policy',
    'warning',
    /nothing limits/,
    edit('get networkpolicies', 'items', []),
  ],
  [
    'a pod that is not restricted',
    ...(['pod security', 'warning', /allowPrivilegeEscalation/] as const),
    (answers) => {
      const name = String(at(answerTo(answers, PODS).stdout, FIRST_NAME));
      const stderr = `Warning: ${name} (and 2 other pods): allowPrivilegeEscalation != false\n`;
      answer('label', { stdout: '', stderr })(answers);
    },
  ],
  [
    'pods that Prometheus does not know',
    ...(['scraping', 'warning', /no Prometheus has/] as const),
    answer('get prometheuses', {
      stdout: { items: [{ metadata: { name: 'k8s', namespace: 'prom' } }] },
    }),
    answer(QUERY, { stdout: { data: { result: [] } } }),
  ],
  [
    'a Prometheus that says something unusual',
    ...(['scraping', 'unknown', /what Prometheus in prom says has a form/] as const),
    answer('get prometheuses', {
      stdout: { items: [{ metadata: { name: 'k8s', namespace: 'prom' } }] },
    }),
    answer(QUERY, { stdout: '<html>Sign in</html>' }),
  ],
  [
    'a pod that says something unusual',
    ...(['metrics', 'unknown', /what \S+ says has a form/] as const),
    answer('exec', { stdout: 'Debugger listening on 127.0.0.1\n{}' }),
  ],
  [
    'a pod that names no address of Rucio',
    ...(['metrics', 'unknown', /what \S+ says has a form/] as const),
    edit('exec', 'rucio', [{ url: 'nowhere', status: 200 }]),
  ],
  [
    'a document that may not be read',
    ...(['config', 'unknown', /forbidden/] as const),
    answer(CONFIG, forbidden),
  ],
  [
    'an API server that fails while the document is read',
    ...(['config', 'unknown', /Unable to connect/] as const),
    answer(CONFIG, failed('Unable to connect to the server: net/http: TLS handshake timeout')),
  ],
];
