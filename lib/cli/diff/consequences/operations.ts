import { Limits } from '../../../contract/server-document';
import { listedTools } from '../../../contract/tool-choice';
import type { PolicySpec } from '../../../constructs/network/policy';
import { policyRules } from '../../deployment/policy-rules';
import type { ServerFacts, Snapshot } from '../snapshot';
import { type Consequence, type Rule, type Transition, listed } from './consequence';

/** Tools that clients lose or gain. */
export const toolRules: Rule = ({ before, after }) => {
  const [old, fresh] = [before.server, after.server];
  if (old === undefined || fresh === undefined) return [];
  if (old.isPython !== fresh.isPython) {
    return [
      ...writeRules(old, fresh),
      {
        id: 'other-catalogue',
        topic: 'tools',
        severity: 'info',
        message: 'the other server has tools of its own; their names are in docs/tools.md',
        remedy: null,
      },
    ];
  }
  if (old.isPython) return writeRules(old, fresh);
  const [was, now] = [old, fresh].map((it) =>
    listedTools({ selection: it.tools, readOnly: it.readOnly, authMode: it.mode }),
  );
  const lost = (was ?? []).filter((name) => now?.includes(name) === false);
  const gained = (now ?? []).filter((name) => was?.includes(name) === false);
  return [
    ...(lost.length === 0
      ? []
      : [tool('tools-lost', 'warning', `clients no longer see ${count(lost)}: ${listed(lost)}`)]),
    ...(gained.length === 0
      ? []
      : [tool('tools-gained', 'info', `clients see ${count(gained)} more: ${listed(gained)}`)]),
    ...writeRules(old, fresh),
  ];
};

function tool(id: string, severity: 'warning' | 'info', message: string): Consequence {
  return {
    id,
    topic: 'tools',
    severity,
    message,
    remedy: severity === 'warning' ? 'see readOnly, tools.toolsets and tools.disabled' : null,
  };
}

function count(names: readonly string[]): string {
  return names.length === 1 ? '1 tool' : `${names.length} tools`;
}

function writeRules(old: ServerFacts, fresh: ServerFacts): Consequence[] {
  if (old.readOnly === fresh.readOnly || fresh.readOnly) return [];
  return [
    {
      id: 'writes-allowed',
      topic: 'tools',
      severity: 'warning',
      message: 'tools may change data at Rucio now (readOnly is false)',
      remedy: 'name what is not wanted in tools.disabled',
    },
  ];
}

/** Bounds that are tighter than before. */
export const limitRules: Rule = ({ before, after }) => {
  const [old, fresh] = [before.server, after.server];
  if (old === undefined || fresh === undefined || old.isPython || fresh.isPython) return [];
  return (Object.keys(Limits.shape) as (keyof Limits)[])
    .filter((name) => fresh.limits[name] < old.limits[name])
    .map((name) => ({
      id: 'limit-tightened',
      topic: 'limits',
      severity: 'warning',
      message: `limits.${name} is ${fresh.limits[name]}, not ${old.limits[name]} (${describe(name)}): what needs more is refused`,
      remedy: 'compare with the metrics of the last days, see docs/monitoring.md',
    }));
};

function describe(name: keyof Limits): string {
  const text = Limits.shape[name].meta()?.description ?? '';
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Connections that NetworkPolicies admit no more, or newly. */
export const networkRules: Rule = ({ before, after }) => {
  if (before.workload === undefined || after.workload === undefined) return [];
  const [old, fresh] = [before, after].map(rulesOf);
  if (old === undefined && fresh === undefined) return [];
  if (old === undefined) {
    return [
      network(
        'pods-isolated',
        'warning',
        `only these connections are admitted from now on: ${listed(fresh ?? [], 12)}`,
        'say where gateway and monitoring live with networkPolicy.ingressNamespaceLabels and monitoringNamespaceLabels',
      ),
    ];
  }
  if (fresh === undefined) {
    return [
      network(
        'pods-not-isolated',
        'warning',
        'no NetworkPolicy any more: any pod reaches the endpoint and the metrics',
        'keep networkPolicy.enabled',
      ),
    ];
  }
  const lost = old.filter((rule) => !fresh.includes(rule));
  const gained = fresh.filter((rule) => !old.includes(rule));
  return [
    ...(lost.length === 0
      ? []
      : [
          network(
            'connections-refused',
            'warning',
            `no longer admitted: ${listed(lost, 12)}`,
            'see networkPolicy, and what else needs these connections',
          ),
        ]),
    ...(gained.length === 0
      ? []
      : [network('connections-admitted', 'info', `also admitted: ${listed(gained, 12)}`, null)]),
  ];
};

function network(
  id: string,
  severity: 'warning' | 'info',
  message: string,
  remedy: string | null,
): Consequence {
  return { id, topic: 'network', severity, message, remedy };
}

/** The rules about the server's pods; `undefined` without a policy. */
function rulesOf({ objects, workload }: Snapshot): readonly string[] | undefined {
  const policies = objects.filter(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === workload?.metadata.name,
  );
  if (policies.length === 0) return undefined;
  return policies.flatMap(({ spec }) => policyRules(spec as PolicySpec));
}

/** What an apply leaves behind, and what keeps it from being what was asked for. */
export const leftoverRules: Rule = (transition) => {
  const { before, after, diff } = transition;
  const removed = before.objects.filter((old) => {
    const has = (it: (typeof before.objects)[number]) =>
      it.kind === old.kind &&
      it.metadata.name === old.metadata.name &&
      it.metadata.namespace === old.metadata.namespace;
    // A Secret that the new pods go on reading is theirs now, whoever made it.
    const isRead = old.kind === 'Secret' && after.secrets.has(old.metadata.name);
    return !isRead && !after.objects.some(has);
  });
  const isCode = ({ metadata }: (typeof removed)[number]) =>
    metadata.labels?.['app.kubernetes.io/component'] === 'bundle';
  return [
    ...leftover(
      removed.filter(isCode),
      'old-server-left',
      `the code of ${diff.server?.before ?? 'an older server'} stays in the cluster; a rollback needs it`,
      'when no rollback to it is wanted:',
    ),
    ...leftover(
      removed.filter((it) => !isCode(it)),
      'objects-left',
      'kubectl apply deletes nothing: what is not in the manifests any more stays',
      'after the apply:',
    ),
    ...clusterRules(transition),
  ];
};

function leftover(
  objects: Snapshot['objects'],
  id: string,
  message: string,
  when: string,
): Consequence[] {
  if (objects.length === 0) return [];
  const namespaces = [...new Set(objects.map(({ metadata }) => metadata.namespace ?? ''))];
  const commands = namespaces.map((namespace) => {
    const names = objects
      .filter(({ metadata }) => (metadata.namespace ?? '') === namespace)
      .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
    return `kubectl -n ${namespace} delete ${names.join(' ')}`;
  });
  return [
    { id, topic: 'leftovers', severity: 'info', message, remedy: `${when} ${commands.join('; ')}` },
  ];
}

function clusterRules({ cluster }: Transition): Consequence[] {
  if (cluster === undefined) return [];
  const foreign = cluster.foreignFields.map(({ object, path }) => `${object}: ${path}`);
  return [
    ...cluster.unknownKinds.map((kind): Consequence => ({
      id: 'kind-unknown',
      topic: 'cluster',
      severity: 'error',
      message: `the cluster does not know the kind ${kind}; the apply fails`,
      remedy: 'install its CRDs, or switch the object off in the values',
    })),
    ...(cluster.skippedKinds.length === 0
      ? []
      : [
          {
            id: 'kinds-not-read',
            topic: 'cluster',
            severity: 'warning',
            message: `you may not list ${listed(cluster.skippedKinds, 12)}: what an apply leaves of them is not told`,
            remedy: 'ask for the right to list them, or have somebody run this who has it',
          } as const,
        ]),
    ...(foreign.length === 0
      ? []
      : [
          {
            id: 'foreign-fields',
            topic: 'cluster',
            severity: 'error',
            message: `Helm has set fields that kubectl apply does not know of, and so never removes: ${listed(foreign)}`,
            remedy:
              'helm get manifest RELEASE | kubectl apply set-last-applied --create-annotation -f -  # see docs/migrate-from-helm.md',
          } as const,
        ]),
  ];
}
