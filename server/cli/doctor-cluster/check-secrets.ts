import { X509Certificate } from 'node:crypto';

import { MIN_BEARER_LENGTH, type ServerDocument } from '../../../lib/contract/server-document';
import { type ClusterFinding, findingsOf } from './finding';
import { type Kubectl, KubectlError } from './kubectl';
import { type LiveDeployment, secretBehind } from './live-deployment';
import type { Ingress } from './objects';

/** The largest secret file that the server reads, in bytes. */
const MAX_BYTES = 65_536;
const DAY_MS = 86_400_000;
/** cert-manager renews a certificate of 90 days 30 days before its end. */
const SOON_DAYS = 14;

/** Lengths only: kubectl itself throws the rest away. */
const LENGTHS =
  '{{range $key, $value := .data}}{{$key}} {{len (base64decode $value)}}{{"\\n"}}{{end}}';

/** The keys of a Secret with the length of what they hold, in bytes; `undefined` where it is not there. */
async function lengthsOf(
  kubectl: Kubectl,
  name: string,
): Promise<ReadonlyMap<string, number> | undefined> {
  try {
    const { stdout } = await kubectl.run([
      'get',
      'secret',
      name,
      `--output=go-template=${LENGTHS}`,
    ]);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return new Map(
      lines.map((line) => {
        const [key = '', length = ''] = line.split(' ');
        return [key, Number(length)];
      }),
    );
  } catch (error) {
    if (error instanceof KubectlError && error.reason === 'not found') return undefined;
    throw error;
  }
}

/** A file that the server reads a secret from, and the fewest bytes that it takes. */
interface SecretFile {
  readonly path: string;
  readonly least: number;
}

function secretFiles({ auth }: ServerDocument): readonly SecretFile[] {
  if (auth.mode === 'sharedSecret') {
    const files = Object.entries(auth.credentials).flatMap(([key, path]) =>
      key.endsWith('File') && path !== null ? [{ path, least: 1 }] : [],
    );
    return [{ path: auth.bearerFile, least: MIN_BEARER_LENGTH }, ...files];
  }
  const others =
    auth.tokenFormat === 'jwe'
      ? [
          auth.redis?.passwordFile,
          auth.redis?.caFile,
          ...auth.clients.map(({ secretFile }) => secretFile),
        ]
      : [];
  return [
    ...(auth.sealingKeysFile === null
      ? []
      : [{ path: auth.sealingKeysFile, least: MIN_BEARER_LENGTH }]),
    ...others.flatMap((path) => (path === null || path === undefined ? [] : [{ path, least: 1 }])),
  ];
}

/** Whether every Secret that the pods mount is there, with its keys and lengths that can be right. */
export async function checkSecrets(live: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, problem, unknown } = findingsOf('secrets');
  const { document, kubectl, namespace } = live;
  if (document === undefined) return [unknown('which are needed is not known', 'see config')];
  const found: ClusterFinding[] = [];
  const files = secretFiles(document);
  for (const { path, least } of files) {
    const place = secretBehind(live, path);
    if (place === undefined) continue;
    const { secret, key } = place;
    const lengths = await lengthsOf(kubectl, secret);
    const create = `kubectl -n ${namespace} create secret generic ${secret} --from-literal=${key}=... (or --from-file)`;
    const length = lengths?.get(key);
    if (lengths === undefined) found.push(problem(`the Secret "${secret}" is not there`, create));
    else if (length === undefined) {
      const others = [...lengths.keys()].join(', ') || 'nothing';
      found.push(problem(`the Secret "${secret}" has no key "${key}", but ${others}`, create));
    } else if (length < least || length > MAX_BYTES) {
      const text = `"${key}" of the Secret "${secret}" has ${length} bytes; ${least}-${MAX_BYTES} are taken`;
      found.push(problem(text, least > 1 ? 'make one with: openssl rand -hex 32' : create));
    }
  }
  if (found.length > 0) return unique(found);
  const forgets = document.auth.mode === 'oidc' && document.auth.sealingKeysFile === null;
  if (forgets) {
    const text = 'there are no sealing keys: every restart logs everybody out';
    const fix = 'create a Secret with them, and name it in auth.oidc.sealingKeys.existingSecret';
    return [findingsOf('secrets').warning(text, fix)];
  }
  return [ok(`${files.length} are there, of a length that can be right`)];
}

function unique(findings: readonly ClusterFinding[]): ClusterFinding[] {
  return findings.filter(
    ({ text }, index) => findings.findIndex((other) => other.text === text) === index,
  );
}

/** Only the certificates, which everybody may see; never the key. */
const CERTIFICATE = '{{with index .data "tls.crt"}}{{base64decode .}}{{end}}';

/** Whether the certificates of the Ingresses are there, for their hosts, and for how long. */
export async function checkTls(
  live: LiveDeployment,
  ingresses: readonly Ingress[],
  now: number,
): Promise<ClusterFinding[]> {
  const { ok } = findingsOf('tls');
  const entries = ingresses.flatMap(({ spec }) => spec.tls);
  const found: ClusterFinding[] = [];
  for (const { secretName, hosts } of entries) {
    if (secretName === undefined) continue;
    found.push(await checkCertificate(live, secretName, hosts, now));
  }
  return found.length > 0 ? found : [ok('no Ingress of ours ends TLS')];
}

async function checkCertificate(
  { kubectl, namespace }: LiveDeployment,
  secret: string,
  hosts: readonly string[],
  now: number,
): Promise<ClusterFinding> {
  const { ok, warning, problem } = findingsOf('tls');
  const look = `kubectl -n ${namespace} describe certificate,certificaterequest,order,challenge`;
  const lengths = await lengthsOf(kubectl, secret);
  if (lengths === undefined) {
    return problem(
      `the Secret "${secret}" with the certificate is not there`,
      `does cert-manager have the issuer of ingress.annotations? ${look}`,
    );
  }
  if ((lengths.get('tls.crt') ?? 0) === 0 || (lengths.get('tls.key') ?? 0) === 0) {
    return problem(`the Secret "${secret}" lacks tls.crt or tls.key`, look);
  }
  const { stdout } = await kubectl.run([
    ...['get', 'secret', secret, `--output=go-template=${CERTIFICATE}`],
  ]);
  const certificate = parse(stdout);
  if (certificate === undefined) return problem(`tls.crt of "${secret}" is no certificate`, look);
  const others = hosts.filter((host) => certificate.checkHost(host) === undefined);
  if (others.length > 0) {
    return problem(`the certificate in "${secret}" is not for ${others.join(', ')}`, look);
  }
  const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
  const text = `the certificate for ${hosts.join(', ')} is good for ${days} more days`;
  if (days < 0) return problem(`the certificate in "${secret}" has ended`, look);
  return days < SOON_DAYS ? warning(text, `it should be renewed by now: ${look}`) : ok(text);
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
