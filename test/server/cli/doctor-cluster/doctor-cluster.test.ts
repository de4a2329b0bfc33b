import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand } from '../../../../server/cli/command';
import type { Finding } from '../../../../server/cli/doctor-cluster/finding';
import {
  type KubectlAnswer,
  type KubectlAnswers,
  fakeKubectl,
} from '../../../support/fake-kubectl';
import {
  type Answers,
  CONFIG,
  type Change,
  DEPLOYMENTS,
  PODS,
  answer,
  answerTo,
  at,
  edit,
  podsIn,
} from './recorded-answers';
import { type FaultServer, json, startFaultServer } from '../../../support/fault-server';

/** What a real kubectl said of a deployment of three pods in `oidc` mode, with all well. */
const HEALTHY = readFileSync(join(__dirname, 'healthy.json'), 'utf8');
/** Of `localhost`, good for many years. */
const CERTIFICATE = readFileSync(join(__dirname, '../../../support/tls/loopback-cert.pem'), 'utf8');

let ingress: FaultServer;
beforeAll(async () => {
  ingress = await startFaultServer();
});
beforeEach(() => {
  ingress.on('GET /healthz', json({ status: 'ok' }));
  ingress.on('POST /site/atlas/', ({ response }) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer resource_metadata="x"' }).end('{}');
  });
});
afterAll(() => ingress.close());

/** The recorded answers, with the clocks of now and the ingress of the test. */
function recorded(): Answers {
  const text = HEALTHY.replaceAll('http://127.0.0.1:1', ingress.url);
  const answers = JSON.parse(text) as Answers;
  const now = Date.now();
  const date = new Date(now).toUTCString();
  const config = at(answerTo(answers, CONFIG).stdout, ['data', 'server.json']);
  // The document names the ingress, so it has another digest now.
  const digest = createHash('sha256').update(String(config)).digest('hex');
  const changes = [
    ...podsIn(answers).map((pod) => edit(`exec ${pod}`, 'now', now)),
    ...podsIn(answers).map((pod) =>
      edit(`exec ${pod}`, 'rucio', (all: unknown) =>
        (all as object[]).map((one) => ({ ...one, now, date })),
      ),
    ),
    ...podsIn(answers).map((_pod, index) =>
      edit(PODS, `items ${index} metadata annotations checksum/config`, digest),
    ),
    edit(DEPLOYMENTS, 'items 0 spec template metadata annotations checksum/config', digest),
    edit('get ingressclasses', 'items', [{ metadata: { name: 'nginx' } }]),
    edit('get ingresses', 'items 0 status loadBalancer', { ingress: [{ ip: '192.0.2.1' }] }),
    edit('get ingresses', 'items 0 spec tls 0 hosts', ['localhost']),
    answer('get secret rucio-mcp-tls --output=go-template={{with', { stdout: CERTIFICATE }),
  ];
  for (const change of changes) change(answers);
  return answers;
}

interface Diagnosis {
  readonly code: number;
  readonly findings: readonly Finding[];
  readonly stdout: string;
  readonly asked: readonly string[];
}

async function doctor(answers: KubectlAnswers, ...args: string[]): Promise<Diagnosis> {
  const kubectl = await fakeKubectl(answers);
  let stdout = '';
  try {
    const code = await runCommand({
      argv: ['doctor', '--cluster', '--output', 'json', ...args],
      env: kubectl.env,
      stdout: (text) => (stdout += text),
      stderr: (text) => (stdout += text),
    });
    const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
    return { code, findings, stdout, asked: await kubectl.asked() };
  } finally {
    await kubectl.remove();
  }
}

const failed = (stderr: string): KubectlAnswer => ({ stdout: '', stderr, code: 1 });
const notFound = failed('Error from server (NotFound): not found');
const forbidden = failed('Error from server (Forbidden): secrets is forbidden: User "x"');

test('finds nothing where everything is well', async () => {
  const { code, findings } = await doctor(recorded());
  expect(
    findings
      .filter(({ status }) => status !== 'ok')
      .map(({ check, status }) => ({ check, status })),
  ).toEqual([
    { check: 'streaming', status: 'unknown' },
    { check: 'scraping', status: 'unknown' },
  ]);
  expect(new Set(findings.map(({ check }) => check)).size).toBe(21);
  expect(code).toBe(0);
});

test('reads lengths of Secrets, certificates, and nothing else of them', async () => {
  const { asked } = await doctor(recorded());
  const secrets = asked.filter((command) => /\bsecrets?\b/.test(command));
  expect(secrets.length).toBeGreaterThan(3);
  for (const command of secrets) {
    expect(command).toMatch(
      /^get secret \S+ --output=go-template=(\{\{range \$key, \$value := \.data\}\}\{\{\$key\}\} \{\{len |\{\{with index \.data "tls\.crt"\}\})/,
    );
  }
});

test('changes nothing: it gets, asks inside of pods, and labels only as a dry run', async () => {
  const { asked } = await doctor(recorded());
  expect(asked.filter((command) => !/^(get|exec|label --dry-run=server) /.test(command))).toEqual(
    [],
  );
});

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
const TROUBLES: readonly [string, Finding['check'], Finding['status'], RegExp, ...Change[]][] = [
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

test.each(TROUBLES)('tells %s', async (_title, check, expected, text, ...changes) => {
  const answers = recorded();
  for (const change of changes) change(answers);
  const { code, findings } = await doctor(answers);
  const told = findings.filter((finding) => finding.check === check && finding.status === expected);
  expect(told.map((finding) => finding.text).join('\n')).toMatch(text);
  for (const { remedy } of told) expect(remedy).toMatch(/\w{3}/);
  expect(code).toBe(findings.some((finding) => finding.status === 'problem') ? 1 : 0);
});

test('counts only parts of this release as those of other versions', async () => {
  const { asked, findings } = await doctor(recorded());
  expect(asked).toContain(
    'get configmaps --selector app.kubernetes.io/component=bundle,app.kubernetes.io/instance=rucio-mcp --output=name',
  );
  expect(findings.find(({ check }) => check === 'bundle')?.text).toMatch(
    /4 more are of other versions: a rollback needs them, else prune them$/,
  );
});

test('tells an ingress that somebody else answers for', async () => {
  ingress.on('GET /healthz', ({ response }) => void response.writeHead(404).end('default backend'));
  const { findings } = await doctor(recorded());
  expect(findings.find(({ check }) => check === 'ingress')?.text).toMatch(/somebody else answers/);
});

test('tells that there is no deployment, and where several are', async () => {
  const none = recorded();
  edit(DEPLOYMENTS, 'items', [])(none);
  const [nothing] = (await doctor(none)).findings;
  expect(nothing).toMatchObject({ check: 'deployment', status: 'problem' });
  const several = recorded();
  edit(DEPLOYMENTS, 'items', (items: unknown) => {
    const [one] = items as [{ metadata: object }];
    return [one, { ...one, metadata: { ...one.metadata, name: 'other' } }];
  })(several);
  expect((await doctor(several)).findings[0]?.text).toContain('rucio-mcp, other');
  expect((await doctor(several, '--name', 'rucio-mcp')).findings[0]?.status).toBe('ok');
});

test('tells a kubectl that is not there', async () => {
  let stdout = '';
  const code = await runCommand({
    argv: ['doctor', '--cluster'],
    env: { PATH: '/nowhere' },
    stdout: (text) => (stdout += text),
    stderr: () => undefined,
  });
  expect(stdout).toBe(
    'PROBLEM  access: kubectl is not on PATH\n         fix: install it: https://kubernetes.io/docs/tasks/tools/\n',
  );
  expect(code).toBe(1);
});

test.each([
  [['--namespace', 'mcp'], '--namespace is for doctor --cluster'],
  [['--cluster', '--site', 'atlas'], '--site is not for doctor --cluster'],
])('refuses %j', async (args, message) => {
  let stderr = '';
  const code = await runCommand({
    argv: ['doctor', ...args],
    env: {},
    stdout: () => undefined,
    stderr: (text) => (stderr += text),
  });
  expect(stderr).toContain(message);
  expect(code).toBe(1);
});
