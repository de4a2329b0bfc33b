import type { Values } from './values';

/** How many pods there may be at once, whoever decides it. */
export function podCount({ replicaCount, autoscaling }: Values): number {
  return autoscaling.enabled ? autoscaling.maxReplicas : replicaCount;
}

/** How many pods there are at least; a disruption budget that allows none would block drains. */
export function fewestPods({ replicaCount, autoscaling }: Values): number {
  return autoscaling.enabled ? autoscaling.minReplicas : replicaCount;
}
