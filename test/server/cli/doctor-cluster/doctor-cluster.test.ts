import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand } from '../../../../server/cli/command';
import type { Finding } from '../../../../server/cli/doctor-cluster/finding';
import { type KubectlAnswers, fakeKubectl } from '../../../support/fake-kubectl';
import {
  type Answers,
  CONFIG,
  DEPLOYMENTS,
  PODS,
  answer,
  answerTo,
  at,
  edit,
  podsIn,
} from './recorded-answers';
import { TROUBLES } from './troubles';
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
    const { findings } = (args.includes('text') ? { findings: [] } : JSON.parse(stdout)) as {
      findings: readonly Finding[];
    };
    return { code, findings, stdout, asked: await kubectl.asked() };
  } finally {
    await kubectl.remove();
  }
}

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

test('terminal escapes in the words of a cluster are shown and not obeyed', async () => {
  const answers = recorded();
  const message = 'quota\u001b[2J\u001b]0;owned\u0007\u202E\nok       pods: 3 run';
  edit(DEPLOYMENTS, 'items 0 status conditions', [
    { type: 'ReplicaFailure', status: 'True', message },
  ])(answers);
  const { stdout } = await doctor(answers, '--output', 'text');
  expect(stdout).not.toMatch(/[\u001b\u0007\u202E]/);
  expect(stdout).toContain('quota\\u{1B}[2J\\u{1B}]0;owned\\u{7}\\u{202E}\n         ok       pods');
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
