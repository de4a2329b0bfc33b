import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { sitePath } from '../../lib/contract/endpoints';
import { APP_NAME } from '../../lib/contract/release';
import type { Finding } from '../../server/cli/doctor-cluster/finding';
import { Browser } from '../oidc/browser';
import {
  type TestClient,
  type Tokens,
  answerIn,
  authorizeUrl,
  redeem,
  registerTestClient,
} from '../oidc/oidc-app';
import { rucioMcp } from '../support/run-command-line';
import type { Kubectl } from './kubectl';
import { end, forwardTo } from './service-proxy';

/** The labels of all pods of a deployment, as a selector. */
const PODS = `app.kubernetes.io/name=${APP_NAME},app.kubernetes.io/instance=${APP_NAME}`;
/** Every kind of which a deployment may have an object. */
const KINDS =
  'deployments,replicasets,pods,services,configmaps,secrets,serviceaccounts,ingresses,' +
  'networkpolicies,poddisruptionbudgets,horizontalpodautoscalers,jobs';

/** Asks until the answer is yes. The longest wait is for the kubelet, which looks once a minute. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 200_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`it did not happen: ${what}`);
    await sleep(500);
  }
}

export function podsOf(kubectl: Kubectl): Promise<string[]> {
  return kubectl.names(['pods', '--selector', PODS, '--field-selector=status.phase=Running']);
}

/** The names of all objects that belong to the deployment. */
export function objectsOf(kubectl: Kubectl, hasServiceMonitors: boolean): Promise<string[]> {
  const kinds = hasServiceMonitors ? `${KINDS},servicemonitors,prometheusrules` : KINDS;
  return kubectl.names([kinds, '--selector', `app.kubernetes.io/instance=${APP_NAME}`]);
}

/** Prints the digest of a file in the pod: the content stays there. */
const DIGEST =
  "console.log(require('crypto').createHash('sha256').update(require('fs').readFileSync(process.argv[1])).digest('hex'))";

/** Waits until every pod sees this content in a file. */
export async function untilMounted(kubectl: Kubectl, file: string, content: string): Promise<void> {
  const wanted = createHash('sha256').update(content).digest('hex');
  await until(`every pod sees the new ${file}`, async () => {
    const pods = await podsOf(kubectl);
    const seen = await Promise.all(
      pods.map((pod) => kubectl.run(['exec', pod, '--', 'node', '-e', DIGEST, '--', file])),
    );
    return seen.every(({ stdout }) => stdout.trim() === wanted);
  });
}

export interface SignIn {
  readonly client: TestClient;
  readonly tokens: Tokens;
}

/** A user signs in through the proxy, in a browser without scripts. */
export async function signIn(url: string, site: string): Promise<SignIn> {
  const issuer = `${url}${sitePath(site)}`;
  const client = await registerTestClient(issuer);
  const browser = new Browser();
  try {
    const consent = await browser.open(authorizeUrl(issuer, client.parameters));
    const bridge = await browser.submit(consent, { decision: 'allow' });
    const done = await browser.submit(await browser.submit(bridge), { decision: 'continue' });
    const code = answerIn(done).get('code');
    if (code === null) throw new Error(`the sign-in ends with ${answerIn(done).toString()}`);
    const { status, body } = await redeem(issuer, client, code);
    if (status !== 200) throw new Error(`the code is answered with ${status}`);
    return { client, tokens: body as unknown as Tokens };
  } finally {
    await browser.close();
  }
}

/** Runs something with the Service forwarded to this computer. */
export async function withForward<T>(
  kubectl: Kubectl,
  port: number,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const { child, target } = await forwardTo(kubectl, `svc/${APP_NAME}`, port);
  try {
    return await use(`http://${target.host}:${target.port}`);
  } finally {
    await end(child);
  }
}

interface Diagnosis {
  readonly code: number | null;
  readonly findings: readonly Finding[];
}

/** Runs the built `rucio-mcp doctor --cluster`, as an operator does. */
export async function doctor(kubectl: Kubectl, bearer: string): Promise<Diagnosis> {
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-bearer-'));
  try {
    const file = join(directory, 'bearer');
    await writeFile(file, bearer, { mode: 0o600 });
    const { PATH = '', HOME = '', KUBECONFIG = '' } = kubectl.env;
    const { code, stdout, stderr } = await rucioMcp(
      [
        ...['doctor', '--cluster', '--namespace', kubectl.namespace ?? '', '--output', 'json'],
        ...['--bearer-file', file],
      ],
      { PATH, HOME, KUBECONFIG },
    );
    if (stderr !== '') throw new Error(stderr);
    if (stdout.includes(bearer)) throw new Error('doctor has printed a secret');
    const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
    return { code, findings };
  } finally {
    await rm(directory, { recursive: true });
  }
}
