import { type Manifest, textsAt, valuesAt } from '../../../constructs/checks/manifest';
import { parseQuantity } from '../../../constructs/checks/quantity';
import { pathWords } from '../words';
import { type Consequence, type Rule, type Transition, listed } from './consequence';

/** Whether pods are replaced, and why. */
export const podRules: Rule = (transition) => {
  const { before, after, rolls } = transition;
  if (after.workload === undefined) return before.workload === undefined ? [] : [gone()];
  if (before.workload === undefined) return [];
  if (isRenamed(before.workload, after.workload)) {
    return [renamed(before.workload, after.workload)];
  }
  return [
    ...(rolls.length === 0 ? [] : [rolled(transition)]),
    ...scaled(before.workload, after.workload),
    ...memoryRules(before.workload, after.workload),
  ];
};

/** Whether somebody can call the server all the time. */
export const downtimeRules: Rule = ({ before, after, rolls }) => {
  if (before.workload === undefined || after.workload === undefined) return [];
  if (isRenamed(before.workload, after.workload)) return [];
  if (rolls.length === 0) return [];
  const { workload } = after;
  const claims = textsAt(workload, 'spec.template.spec.volumes.*.persistentVolumeClaim.claimName');
  const volumes = claims.map((claim): Consequence => ({
    id: 'volume-of-one-node',
    topic: 'downtime',
    severity: 'warning',
    message: `the new pod mounts the claim ${claim} while the old one still has it; with ReadWriteOnce it waits where it lands on another node`,
    remedy: 'use ReadWriteMany, or scale the Deployment to 0 first',
  }));
  return [...volumes, ...strategyRules(workload)];
};

function gone(): Consequence {
  return {
    id: 'deployment-removed',
    topic: 'downtime',
    severity: 'warning',
    message: 'the Deployment is no longer there: nobody is served once it is deleted',
    remedy: null,
    effect: 'downtime',
  };
}

function isRenamed(before: Manifest, after: Manifest): boolean {
  return fullNameOf(before) !== fullNameOf(after);
}

function fullNameOf({ metadata }: Manifest): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function renamed(before: Manifest, after: Manifest): Consequence {
  return {
    id: 'deployment-renamed',
    topic: 'pods',
    severity: 'warning',
    message: `${fullNameOf(after)} is another Deployment than ${fullNameOf(before)}: both run until the old one is deleted, and two Ingresses claim the same host`,
    remedy:
      'keep the names with --name, nameOverride and fullnameOverride, or delete the old objects',
  };
}

function rolled({ rolls, diff, after }: Transition): Consequence {
  const reasons = [
    ...(diff.server === null ? [] : ['another server']),
    ...rolls.map(({ path }) => reason(pathWords(['spec', 'template', ...path]))),
  ].filter((text) => text !== '');
  const names = listed([...new Set(reasons)], 4);
  return {
    id: 'pods-roll',
    topic: 'pods',
    severity: 'info',
    message: `the pods are replaced (pod template: ${names})`,
    remedy: `kubectl -n ${after.workload?.metadata.namespace ?? ''} rollout status deploy/${after.workload?.metadata.name ?? ''}`,
  };
}

/** The checksum stands for what it sums up; the version and digests are the other server. */
function reason(words: string): string {
  if (words === 'pod annotation checksum/config') return 'configuration';
  if (/^pod label app\.kubernetes\.io\/version$|RUCIO_MCP_BUNDLE|^volume bundle/.test(words)) {
    return '';
  }
  return words;
}

function scaled(before: Manifest, after: Manifest): Consequence[] {
  const [old, fresh] = [before, after].map((it) => valuesAt(it, 'spec.replicas')[0]);
  if (fresh === 0 && old !== 0) {
    return [
      {
        id: 'scaled-to-zero',
        topic: 'downtime',
        severity: 'warning',
        message: 'replicas is 0: nobody is served',
        remedy: 'set replicaCount to 1 or more',
        effect: 'downtime',
      },
    ];
  }
  if (typeof old === 'number' && old > 1 && fresh === undefined) {
    return [
      {
        id: 'replicas-reset',
        topic: 'pods',
        severity: 'warning',
        message: `replicas is not in the manifest any more: kubectl apply first resets the Deployment from ${old} pods to 1, then the autoscaler raises it`,
        remedy:
          'kubectl apply edit-last-applied deployment: remove "replicas" there before the apply',
      },
    ];
  }
  if (typeof old !== 'number' || typeof fresh !== 'number' || old === fresh) return [];
  return [
    {
      id: 'scaled',
      topic: 'pods',
      severity: 'info',
      message: `${fresh} instead of ${old}`,
      remedy: null,
    },
  ];
}

function memoryRules(before: Manifest, after: Manifest): Consequence[] {
  const read = (it: Manifest, what: string) =>
    Math.max(
      0,
      ...textsAt(it, `spec.template.spec.containers.*.resources.${what}.memory`).map(
        (text) => parseQuantity(text) ?? 0,
      ),
    );
  const [oldLimit, limit] = [read(before, 'limits'), read(after, 'limits')];
  const [oldRequest, request] = [read(before, 'requests'), read(after, 'requests')];
  return [
    ...(limit > 0 && (oldLimit === 0 || limit < oldLimit)
      ? [
          {
            id: 'memory-limit-lowered',
            topic: 'limits',
            severity: 'warning',
            message: `the memory limit is ${mebibytes(limit)} now${oldLimit === 0 ? '' : `, not ${mebibytes(oldLimit)}`}: a pod that needs more is killed`,
            remedy: 'compare with container_memory_working_set_bytes, or set resources',
          } as const,
        ]
      : []),
    ...(request > oldRequest && oldRequest > 0
      ? [
          {
            id: 'memory-request-raised',
            topic: 'pods',
            severity: 'info',
            message: `a pod asks for ${mebibytes(request)} of memory now, not ${mebibytes(oldRequest)}: where no node has it, the new pod stays Pending and the old one serves`,
            remedy: null,
          } as const,
        ]
      : []),
  ];
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} Mi`;
}

/** Whether a rolling update ever leaves no pod that serves. */
function strategyRules(workload: Manifest): Consequence[] {
  const [type = 'RollingUpdate'] = textsAt(workload, 'spec.strategy.type');
  const [replicas = 1] = valuesAt(workload, 'spec.replicas');
  const [unavailable = '25%'] = valuesAt(workload, 'spec.strategy.rollingUpdate.maxUnavailable');
  const count = typeof replicas === 'number' ? replicas : 1;
  if (type !== 'Recreate' && absolute(unavailable, count) < count) return [];
  return [
    {
      id: 'no-pod-during-rollout',
      topic: 'downtime',
      severity: 'warning',
      message:
        type === 'Recreate'
          ? 'strategy Recreate: all old pods stop before a new one starts'
          : `maxUnavailable ${String(unavailable)} of ${count}: all pods may be away at once`,
      remedy: 'use RollingUpdate with maxSurge 1 and maxUnavailable 0',
      effect: 'downtime',
    },
  ];
}

/** Percentages of maxUnavailable are rounded down. */
function absolute(value: unknown, replicas: number): number {
  if (typeof value === 'number') return value;
  const text = String(value);
  return text.endsWith('%') ? Math.floor((Number.parseInt(text, 10) * replicas) / 100) : 0;
}
