/**
 * How much of a cluster there is. Each level can do what the ones before it can.
 *
 * - `objects`: an API server. Objects are admitted and stored.
 * - `rollout`: controllers, and nodes that pretend (KWOK). Pods become ready, and nothing runs.
 * - `pods`: nodes that run pods.
 */
export const LEVELS = ['objects', 'rollout', 'pods'] as const;
export type Level = (typeof LEVELS)[number];

/** The cluster that the tests may use, as the global setup has found it. */
export interface Cluster {
  /** A file with the chosen context and no other: a later `kubectl config use-context` changes nothing. */
  readonly kubeconfig: string;
  readonly context: string;
  readonly server: string;
  readonly version: string;
  readonly level: Level;
  /** Whether the Prometheus Operator's ServiceMonitor is known. */
  readonly hasServiceMonitors: boolean;
}

/** The variable by which the global setup tells the test processes. JSON of {@link Cluster}. */
export const CLUSTER_VARIABLE = 'RUCIO_MCP_TEST_CLUSTER';

/** What a caller of `npm run test:cluster` may set. */
export const SETTINGS = {
  kubeconfig: 'KUBECONFIG',
  /** Context of that file; default: its current one. */
  context: 'CLUSTER_CONTEXT',
  /** Git commit whose manifests are upgraded from; default: this one, with another server bundle. */
  previous: 'CLUSTER_PREVIOUS',
  /** Image with redis-server and redis-cli. */
  redisImage: 'CLUSTER_REDIS_IMAGE',
  /** `forward`: reach pods through `kubectl port-forward`, although their addresses answer. */
  reach: 'CLUSTER_REACH',
} as const;

export function cluster(): Cluster {
  const text = process.env[CLUSTER_VARIABLE];
  if (text === undefined) throw new Error('run these tests with: npm run test:cluster');
  return JSON.parse(text) as Cluster;
}

/** Whether the cluster can do what the level needs. */
export function reaches(level: Level): boolean {
  return LEVELS.indexOf(cluster().level) >= LEVELS.indexOf(level);
}
