import { PORT_NAMES } from '../../contract/endpoints';
import type { Plan } from '../../contract/plan';
import type { ServerAuth } from '../../contract/server-document';
import { smokeTestLabels } from '../smoke-test';
import { DNS_PORT } from './dns';
import { KDC_PORT } from './kerberos';

/** Who stands at the other end of a connection. */
export type Peer =
  | { readonly kind: 'any' }
  /** Every pod of the namespaces with these labels. */
  | { readonly kind: 'namespaces'; readonly labels: Readonly<Record<string, string>> }
  /** The pods of our namespace with these labels. */
  | { readonly kind: 'pods'; readonly labels: Readonly<Record<string, string>> }
  /** Addresses, outside of the cluster or in it. */
  | { readonly kind: 'block'; readonly cidr: string };

/** A connection that the configuration needs. */
export interface Flow {
  readonly name: string;
  readonly direction: 'ingress' | 'egress';
  readonly peers: readonly Peer[];
  readonly protocol: 'TCP' | 'UDP';
  /** Port of whoever is called. */
  readonly port: number;
  /** Who is called, where the configuration names it. */
  readonly host?: string;
  /** What several flows are parts of: the site of a Rucio and of its authentication. */
  readonly site?: string;
}

const ANY: readonly Peer[] = [{ kind: 'any' }];

/**
 * Every connection that the pod of a configuration takes or makes, read from the configuration
 * itself and not from the policy that is to admit it.
 */
export function flowsOf(plan: Plan): readonly Flow[] {
  return [...ingressFlows(plan), ...egressFlows(plan)];
}

function ingressFlows(plan: Plan): Flow[] {
  const { networkPolicy, server, smokeTest } = plan.values;
  const from = (labels: Readonly<Record<string, string>>): readonly Peer[] =>
    Object.keys(labels).length === 0 ? ANY : [{ kind: 'namespaces', labels }];
  const flow = (name: string, peers: readonly Peer[], port: number): Flow => ({
    name,
    direction: 'ingress',
    peers,
    protocol: 'TCP',
    port,
  });
  return [
    flow('clients', from(networkPolicy.ingressNamespaceLabels), server.port),
    flow('monitoring', from(networkPolicy.monitoringNamespaceLabels), server.metricsPort),
    ...(smokeTest.enabled
      ? [flow('smoke test', [{ kind: 'pods', labels: smokeTestLabels(plan) }], server.port)]
      : []),
  ];
}

function egressFlows(plan: Plan): Flow[] {
  const { server, values } = plan;
  const blocks = values.networkPolicy.egressBlocks;
  const rucio: readonly Peer[] =
    blocks.length === 0 ? ANY : blocks.map((block) => ({ kind: 'block', cidr: toCidr(block) }));
  const to = (name: string, peers: readonly Peer[], text: string): Flow => ({
    name,
    direction: 'egress',
    peers,
    protocol: 'TCP',
    port: portOf(text),
    host: new URL(text).hostname,
  });
  const both = (name: string, peers: readonly Peer[], port: number): Flow[] =>
    (['UDP', 'TCP'] as const).map((protocol) => ({
      name,
      direction: 'egress',
      peers,
      protocol,
      port,
    }));
  const { auth } = server;
  const provider = robotProvider(auth);
  return [
    ...both('name server', ANY, DNS_PORT),
    ...server.sites.flatMap(({ name, rucioHost, authHost }) => [
      { ...to(`Rucio of ${name}`, rucio, rucioHost), site: name },
      { ...to(`authentication of ${name}`, rucio, authHost), site: name },
    ]),
    ...(provider === undefined ? [] : [to('identity provider', rucio, provider)]),
    ...(auth.mode === 'sharedSecret' && auth.credentials.type === 'gss'
      ? both('Kerberos', rucio, KDC_PORT)
      : []),
    ...('redis' in auth && auth.redis !== null ? [to('Redis', ANY, auth.redis.url)] : []),
    ...(server.tracing === null ? [] : [to('trace collector', ANY, server.tracing.endpoint)]),
    ...(values.runtime.kind === 'pixi' ? [to('conda channel', ANY, 'https://conda-forge')] : []),
  ];
}

/** Where the robot signs in, if that is not at Rucio. */
export function robotProvider(auth: ServerAuth): string | undefined {
  if (auth.mode !== 'sharedSecret') return undefined;
  const { credentials } = auth;
  const url =
    credentials.type === 'oidc'
      ? credentials.tokenEndpoint
      : credentials.type === 'saml'
        ? credentials.identityProvider
        : '';
  // Values that would not serve may leave it out.
  return url === '' ? undefined : url;
}

/** The port of a URL, written or by its scheme. */
export function portOf(text: string): number {
  const url = new URL(text);
  if (url.port !== '') return Number(url.port);
  return { 'http:': 80, 'redis:': 6379, 'rediss:': 6379 }[url.protocol] ?? 443;
}

/** One address is the smallest block. */
export function toCidr(block: string): string {
  if (block.includes('/')) return block;
  return `${block}/${block.includes(':') ? 128 : 32}`;
}

/** Names of the pod's ports, as NetworkPolicies may use them. */
export function namedPorts({ values: { server } }: Plan): Readonly<Record<string, number>> {
  return { [PORT_NAMES.http]: server.port, [PORT_NAMES.metrics]: server.metricsPort };
}
