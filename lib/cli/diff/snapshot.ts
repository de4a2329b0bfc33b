import { z } from 'zod';

import { type Manifest, textsAt, valuesAt } from '../../constructs/checks/manifest';
import { type Reference, podReferences } from '../../constructs/checks/references';
import { SERVER_DOCUMENT_FILE } from '../../contract/endpoints';
import { Limits, type ServerDocument, ToolSelection } from '../../contract/server-document';
import { isMap } from '../values/values-map';
import { jsonOf } from './owned-fields';
import { serveFlags } from './serve-flags';
import { isPython, workloadOf } from './state-diff';

/** A key of a Secret. */
export interface SecretKey {
  readonly secret: string;
  readonly key: string;
}

/** What clients and users meet; read from manifests of this version, an older one or the chart. */
export interface ServerFacts {
  readonly isPython: boolean;
  readonly publicUrl: string | null;
  readonly mode: 'oidc' | 'sharedSecret';
  readonly readOnly: boolean;
  readonly sites: readonly SiteFacts[];
  readonly tools: ToolSelection;
  readonly limits: Limits;
  /** Of `oidc`. */
  readonly login: string;
  readonly tokenFormat: string;
  readonly clients: readonly { readonly clientId: string; readonly redirectUris: string[] }[];
  readonly sealing: SecretKey | null;
  readonly redis: string | null;
  /** Of `sharedSecret`. */
  readonly bearer: SecretKey | null;
  readonly account: string | null;
  readonly authType: string | null;
}

export interface SiteFacts {
  readonly name: string;
  readonly rucioHost: string | null;
  readonly authHost: string | null;
  /** What the login asks for: issuer, audience and scope. */
  readonly oidc: string | null;
}

/** A state of a deployment, and what of it has consequences. */
export interface Snapshot {
  readonly objects: readonly Manifest[];
  readonly workload: Manifest | undefined;
  readonly server: ServerFacts | undefined;
  /** What the pods and the Ingress read of Secrets: keys by name; `[]` for all. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
  /** Secrets that objects of the state make or have made. */
  readonly madeSecrets: ReadonlySet<string>;
}

export function snapshotOf(objects: readonly Manifest[]): Snapshot {
  const workload = workloadOf(objects);
  return {
    objects,
    workload,
    server: workload === undefined ? undefined : serverFacts(workload, objects),
    secrets: secretsOf(objects),
    madeSecrets: new Set([
      ...named(objects, 'Secret'),
      ...objects.flatMap((it) => [
        ...(it.kind === 'ExternalSecret' ? textsAt(it, 'spec.target.name') : []),
        ...(it.kind === 'Certificate' ? textsAt(it, 'spec.secretName') : []),
        ...(isCertified(it) ? textsAt(it, 'spec.tls.*.secretName') : []),
      ]),
    ]),
  };
}

function named(objects: readonly Manifest[], wanted: string): string[] {
  return objects.filter(({ kind }) => kind === wanted).map(({ metadata }) => metadata.name);
}

/** cert-manager fills the Secret of an Ingress with one of its annotations. */
function isCertified({ kind, metadata }: Manifest): boolean {
  const names = Object.keys(metadata.annotations ?? {});
  return kind === 'Ingress' && names.some((name) => name.startsWith('cert-manager.io/'));
}

function secretsOf(objects: readonly Manifest[]): ReadonlyMap<string, readonly string[]> {
  const read = objects.flatMap((object): Reference[] => [
    ...podReferences(object).filter(({ kind }) => kind === 'Secret'),
    ...textsAt(object, object.kind === 'Ingress' ? 'spec.tls.*.secretName' : 'none').map(
      (name) => ({ kind: 'Secret', name, keys: ['tls.crt', 'tls.key'] }),
    ),
  ]);
  const all = new Map<string, readonly string[]>();
  for (const { name, keys } of read) {
    all.set(name, [...new Set([...(all.get(name) ?? []), ...keys])]);
  }
  return all;
}

/** What is read of a document; one of another version may lack or have anything. */
const Document = z.looseObject({
  publicUrl: z.string().nullable().catch(null),
  readOnly: z.boolean().catch(true),
  sites: z
    .array(
      z.looseObject({
        name: z.string(),
        rucioHost: z.string().nullable().catch(null),
        authHost: z.string().nullable().catch(null),
        oidc: z.unknown(),
      }),
    )
    .catch([]),
  tools: ToolSelection.catch(ToolSelection.parse({})),
  limits: Limits.catch(Limits.parse({})),
  auth: z.looseObject({
    mode: z.enum(['oidc', 'sharedSecret']),
    login: z.string().catch('poll'),
    tokenFormat: z.string().catch('jwe'),
    clients: z
      .array(z.looseObject({ clientId: z.string(), redirectUris: z.array(z.string()).catch([]) }))
      .catch([]),
    sealingKeysFile: z.string().nullable().catch(null),
    redis: z.looseObject({ url: z.string() }).nullable().catch(null),
    bearerFile: z.string().nullable().catch(null),
    account: z.string().nullable().catch(null),
    credentials: z.looseObject({ type: z.string() }).nullable().catch(null),
  }),
} satisfies { readonly [K in keyof ServerDocument]?: z.ZodType });

function serverFacts(workload: Manifest, objects: readonly Manifest[]): ServerFacts | undefined {
  if (isPython(workload)) return pythonFacts(workload, objects);
  const text = objects
    .filter(({ kind }) => kind === 'ConfigMap')
    .map(({ data }) => (isMap(data) ? data[SERVER_DOCUMENT_FILE] : undefined))
    .find((found) => typeof found === 'string');
  const parsed = Document.safeParse(text === undefined ? undefined : jsonOf(text));
  if (!parsed.success) return undefined;
  const { auth, sites, ...rest } = parsed.data;
  return {
    ...rest,
    isPython: false,
    sites: sites.map(({ name, rucioHost, authHost, oidc }) => {
      return { name, rucioHost, authHost, oidc: JSON.stringify(oidc ?? null) };
    }),
    mode: auth.mode,
    login: auth.login,
    tokenFormat: auth.tokenFormat,
    clients: auth.clients,
    sealing: secretOfFile(workload, auth.sealingKeysFile),
    redis: auth.redis?.url ?? null,
    bearer: secretOfFile(workload, auth.bearerFile),
    account: auth.account,
    authType: auth.credentials?.type ?? null,
  };
}

/** The key of a Secret that the pod finds as a file. */
function secretOfFile(workload: Manifest, file: string | null): SecretKey | null {
  if (file === null) return null;
  const mount = valuesAt(workload, 'spec.template.spec.containers.*.volumeMounts.*').find((it) =>
    textsAt(it, 'mountPath').some((path) => file.startsWith(`${path}/`)),
  );
  const volume = valuesAt(workload, 'spec.template.spec.volumes.*').find(
    (it) => textsAt(it, 'name')[0] === textsAt(mount, 'name')[0],
  );
  const [secret] = textsAt(volume, 'secret.secretName');
  return secret === undefined ? null : { secret, key: file.slice(file.lastIndexOf('/') + 1) };
}

/** The Python server has flags and variables in place of a document. */
function pythonFacts(workload: Manifest, objects: readonly Manifest[]): ServerFacts {
  const containers = valuesAt(workload, 'spec.template.spec.containers.*');
  const flags = containers.map((it) => serveFlags(textsAt(it, 'args.*'))?.flags).find(Boolean);
  const texts = (flag: string) =>
    [flags?.[flag] ?? []].flat().filter((it) => typeof it === 'string');
  const variables = new Map(
    containers
      .flatMap((it) => valuesAt(it, 'env.*'))
      .map((it) => [textsAt(it, 'name')[0], it] as const),
  );
  const bearer = variables.get('RUCIO_MCP_SHARED_SECRET');
  const [secret] = textsAt(bearer, 'valueFrom.secretKeyRef.name');
  const [key = ''] = textsAt(bearer, 'valueFrom.secretKeyRef.key');
  const [url = null] = texts('resource-url');
  return {
    isPython: true,
    publicUrl: url?.replace(/\/+$/, '') ?? ingressUrl(objects),
    mode: bearer === undefined ? 'oidc' : 'sharedSecret',
    readOnly: flags?.['read-only'] === true,
    sites: texts('site').map((name) => ({ name, rucioHost: null, authHost: null, oidc: null })),
    tools: ToolSelection.parse({}),
    limits: Limits.parse({}),
    login: 'poll',
    tokenFormat: 'passthrough',
    clients: [],
    sealing: null,
    redis: null,
    bearer: secret === undefined ? null : { secret, key },
    account: textsAt(variables.get('RUCIO_ACCOUNT'), 'value')[0] ?? null,
    authType: textsAt(variables.get('RUCIO_AUTH_TYPE'), 'value')[0] ?? null,
  };
}

function ingressUrl(objects: readonly Manifest[]): string | null {
  const ingress = objects.find(({ kind }) => kind === 'Ingress');
  const [host] = textsAt(ingress, 'spec.rules.*.host');
  if (host === undefined) return null;
  return `${valuesAt(ingress, 'spec.tls.*').length > 0 ? 'https' : 'http'}://${host}`;
}
