import type { Manifest } from '../../constructs/checks/manifest';
import { textsAt, valuesAt } from '../../constructs/checks/manifest';
import type { PolicySpec } from '../../constructs/network/policy';
import { policyRules } from './policy-rules';

/** What there is to know of an object at a glance, a line each. No value of a Secret is in it. */
export function factsOf(manifest: Manifest): readonly string[] {
  return FACTS[manifest.kind]?.(manifest) ?? [];
}

const FACTS: Readonly<Record<string, (manifest: Manifest) => readonly string[]>> = {
  Deployment: (it) => [
    ...replicas(valuesAt(it, 'spec.replicas')[0]),
    ...containers(it),
    ...ports(it),
    ...probes(it),
  ],
  Job: containers,
  Service: (it) =>
    valuesAt(it, 'spec.ports.*').map((port) => {
      const [type = 'ClusterIP'] = textsAt(it, 'spec.type');
      const headless = textsAt(it, 'spec.clusterIP').includes('None');
      return `${text(port, 'name')} ${text(port, 'port')}, ${headless ? 'headless' : type}`;
    }),
  Ingress: (it) => [
    ...textsAt(it, 'spec.rules.*.host').map((host) => {
      return `${textsAt(it, 'spec.tls.*.hosts.*').includes(host) ? 'https' : 'http'}://${host}`;
    }),
    ...textsAt(it, 'spec.ingressClassName').map((name) => `class ${name}`),
  ],
  HTTPRoute: (it) => [
    ...textsAt(it, 'spec.hostnames.*'),
    ...valuesAt(it, 'spec.parentRefs.*').map((parent) => {
      const [namespace] = textsAt(parent, 'namespace');
      return `Gateway ${text(parent, 'name')}${namespace === undefined ? '' : ` in ${namespace}`}`;
    }),
  ],
  NetworkPolicy: ({ spec }) => policyRules(spec as PolicySpec),
  PodDisruptionBudget: (it) => [
    ...valuesAt(it, 'spec.maxUnavailable').map((most) => `at most ${String(most)} away at a time`),
    ...valuesAt(it, 'spec.minAvailable').map((least) => `at least ${String(least)} stay`),
  ],
  HorizontalPodAutoscaler: (it) => [
    `${text(it, 'spec.minReplicas')} to ${text(it, 'spec.maxReplicas')} pods`,
    ...valuesAt(it, 'spec.metrics.*.resource').map(
      (metric) => `${text(metric, 'name')} ${text(metric, 'target.averageUtilization')} %`,
    ),
  ],
  ServiceMonitor: scraped('spec.endpoints.*'),
  PodMonitor: scraped('spec.podMetricsEndpoints.*'),
  PrometheusRule: (it) => {
    const alerts = textsAt(it, 'spec.groups.*.rules.*.alert').length;
    const records = textsAt(it, 'spec.groups.*.rules.*.record').length;
    return [`${alerts} alerts, ${records} recordings`];
  },
  ExternalSecret: (it) => [`from ${text(it, 'spec.secretStoreRef.name')}`],
  Certificate: (it) => [
    `from ${text(it, 'spec.issuerRef.name')}`,
    ...textsAt(it, 'spec.dnsNames.*'),
  ],
  ConfigMap: (it) => keys(it, ['data', 'binaryData']),
  Secret: (it) => keys(it, ['data', 'stringData']),
};

function replicas(count: unknown): string[] {
  return typeof count === 'number' ? [count === 1 ? '1 pod' : `${count} pods`] : [];
}

/** A digest says nothing to a reader of a picture. */
function containers(manifest: Manifest): string[] {
  return valuesAt(manifest, 'spec.template.spec.containers.*').map((container) => {
    const [image = ''] = textsAt(container, 'image');
    return image.replace(/@sha256:.*/, '');
  });
}

function ports(manifest: Manifest): string[] {
  const all = valuesAt(manifest, 'spec.template.spec.containers.*.ports.*').map(
    (port) => `${text(port, 'name')} ${text(port, 'containerPort')}`,
  );
  return all.length === 0 ? [] : [`ports ${all.join(', ')}`];
}

function probes(manifest: Manifest): string[] {
  const all = [
    ['startupProbe', 'started'],
    ['readinessProbe', 'ready'],
    ['livenessProbe', 'alive'],
  ] as const;
  return all.flatMap(([probe, word]) =>
    valuesAt(manifest, `spec.template.spec.containers.*.${probe}`).map((it) => {
      const path = text(it, 'httpGet.path');
      return `${word} ${path === '' ? '' : `by ${path} `}every ${text(it, 'periodSeconds')} s`;
    }),
  );
}

function scraped(path: string): (manifest: Manifest) => string[] {
  return (manifest) =>
    valuesAt(manifest, path).map((it) => `${text(it, 'path')} every ${text(it, 'interval')}`);
}

function keys(manifest: Manifest, fields: readonly string[]): string[] {
  const names = fields.flatMap((field) => Object.keys(manifest[field] ?? {}));
  return names.length === 0 ? [] : [names.join(', ')];
}

function text(object: unknown, path: string): string {
  const [value] = valuesAt(object, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
