/** A Kubernetes object as it goes into the YAML. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** How messages call an object: `Deployment mcp/rucio-mcp`. */
export function title({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/**
 * The value at a path of a manifest; `*` stands for every item of a list or map.
 *
 * @param path - e.g. `spec.template.spec.containers.*.env`
 */
export function valuesAt(object: unknown, path: string): readonly unknown[] {
  let found: unknown[] = [object];
  for (const part of path.split('.')) {
    found = found.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      if (part === '*') return Object.values(value) as unknown[];
      const inner = (value as Record<string, unknown>)[part];
      return inner === undefined ? [] : [inner];
    });
  }
  return found;
}

/** Those values at a path that are text. */
export function textsAt(object: unknown, path: string): readonly string[] {
  return valuesAt(object, path).filter((value) => typeof value === 'string');
}
