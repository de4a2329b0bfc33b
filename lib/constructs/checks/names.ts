import { type Manifest, textsAt, title } from './manifest';

const SUBDOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** Names are unique a kind and namespace, valid, and every object says where it lives. */
export function nameProblems(manifests: readonly Manifest[]): string[] {
  const seen = new Set<string>();
  return manifests.flatMap((manifest) => {
    const name = title(manifest);
    const problems: string[] = [];
    if (seen.has(name)) problems.push(`${name} exists twice: one would replace the other`);
    seen.add(name);
    if (manifest.metadata.namespace === undefined) problems.push(`${name} has no namespace`);
    if (!isObjectName(manifest)) problems.push(`${name} has a name that is not valid (RFC 1123)`);
    return [...problems, ...portNameProblems(manifest)];
  });
}

/** Names of Services are labels of the DNS (RFC 1035), others may be subdomains (RFC 1123). */
function isObjectName({ kind, metadata: { name } }: Manifest): boolean {
  if (kind === 'Service') return name.length <= 63 && LABEL.test(name);
  return name.length <= 253 && SUBDOMAIN.test(name);
}

/** @see https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports */
function portNameProblems(manifest: Manifest): string[] {
  return textsAt(manifest, 'spec.template.spec.containers.*.ports.*.name')
    .filter((port) => port.length > 15 || !LABEL.test(port))
    .map((port) => `${title(manifest)} has a port name that is not valid: "${port}"`);
}
