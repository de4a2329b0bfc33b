import {
  Quantity,
  toJson_Affinity,
  toJson_EnvVar,
  toJson_PodSecurityContext,
  toJson_SecurityContext,
  toJson_Toleration,
} from 'cdk8s-plus-28/lib/imports/k8s';

import type { Values } from '../contract/values/values';
import { valuesAt } from './checks/manifest';
import { droppedFields } from './resource';

/** Fields that Kubernetes got after the model that we compare with. */
const NEWER_FIELDS: ReadonlySet<string> = new Set([
  'appArmorProfile',
  'matchLabelKeys',
  'mismatchLabelKeys',
  'seLinuxChangePolicy',
  'supplementalGroupsPolicy',
]);

type Converter = (value: never) => unknown;

/**
 * Complaints about the parts of the pod that operators write in Kubernetes' own terms: fields that
 * Kubernetes does not know, which an API server would drop or refuse.
 */
export function unknownPodFields(values: Values): string[] {
  return [
    ...unknownFields('affinity', values.affinity, toJson_Affinity),
    ...unknownFields('podSecurityContext', values.podSecurityContext, toJson_PodSecurityContext),
    ...unknownFields('securityContext', values.securityContext, toJson_SecurityContext),
    ...values.tolerations.flatMap((toleration, index) =>
      unknownFields(`tolerations[${index}]`, toleration, toJson_Toleration),
    ),
    ...values.extraEnv.flatMap((variable, index) =>
      unknownFields(`extraEnv[${index}]`, wrapDivisor(variable), toJson_EnvVar),
    ),
  ];
}

function unknownFields(path: string, given: unknown, convert: Converter): string[] {
  const known = withoutNewer(given);
  let rendered: unknown;
  try {
    rendered = convert(known as never);
  } catch {
    return [`${path} has not the structure that Kubernetes expects`];
  }
  return droppedFields(known, rendered, path).map((message) =>
    message.replace(/ was set, but.*/, ' is not a field that Kubernetes knows there'),
  );
}

/** The model wants its own class for this one quantity. */
function wrapDivisor(variable: Readonly<Record<string, unknown>>): unknown {
  const copy = structuredClone(variable);
  for (const source of valuesAt(copy, 'valueFrom.resourceFieldRef') as { divisor?: unknown }[]) {
    const { divisor } = source;
    if (typeof divisor === 'string') source.divisor = Quantity.fromString(divisor);
    if (typeof divisor === 'number') source.divisor = Quantity.fromNumber(divisor);
  }
  return copy;
}

function withoutNewer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNewer);
  if (typeof value !== 'object' || value === null || value instanceof Quantity) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !NEWER_FIELDS.has(key))
      .map(([key, inner]) => [key, withoutNewer(inner)]),
  );
}
