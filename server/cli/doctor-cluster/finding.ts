/** What one check has found. A finding that is not `ok` says how to mend it. */
export interface Finding<Check extends string = string> {
  readonly check: Check;
  /** `unknown`: it could not be looked at, for lack of a right or of a part of the cluster. */
  readonly status: 'ok' | 'warning' | 'problem' | 'unknown';
  readonly text: string;
  readonly remedy?: string;
}

/** What is looked at in a cluster, in the order in which it is told. */
export const CLUSTER_CHECKS = [
  'access',
  'deployment',
  'rollout',
  'pods',
  'quota',
  'endpoints',
  'config',
  'bundle',
  'secrets',
  'tls',
  'ingress',
  'streaming',
  'clock',
  'rucio',
  'metrics',
  'scraping',
  'state store',
  'credentials',
  'autoscaler',
  'disruption budget',
  'network policy',
  'pod security',
] as const;
export type ClusterCheck = (typeof CLUSTER_CHECKS)[number];
export type ClusterFinding = Finding<ClusterCheck>;

/** The findings of one check, by what they mean. */
export function findingsOf(check: ClusterCheck) {
  return {
    ok: (text: string): ClusterFinding => ({ check, status: 'ok', text }),
    warning: (text: string, remedy: string): ClusterFinding => ({
      check,
      status: 'warning',
      text,
      remedy,
    }),
    problem: (text: string, remedy: string): ClusterFinding => ({
      check,
      status: 'problem',
      text,
      remedy,
    }),
    unknown: (text: string, remedy: string): ClusterFinding => ({
      check,
      status: 'unknown',
      text,
      remedy,
    }),
  };
}
