import { type Manifest, title, valuesAt } from './manifest';
import { parseQuantity } from './quantity';

interface Container {
  readonly name: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

/** What a container asks for is never more than what it may have. */
export function resourceProblems(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) =>
    (
      ['containers', 'initContainers'].flatMap((list) =>
        valuesAt(manifest, `spec.template.spec.${list}.*`),
      ) as Container[]
    ).flatMap((container) =>
      containerProblems(container).map((problem) => `${title(manifest)}: ${problem}`),
    ),
  );
}

function containerProblems({ name, resources = {} }: Container): string[] {
  const limits = resources.limits ?? {};
  return Object.entries(resources.requests ?? {}).flatMap(([resource, request]) => {
    const limit = limits[resource];
    if (limit === undefined) return [];
    const [asked, allowed] = [parseQuantity(request), parseQuantity(limit)];
    if (asked === undefined || allowed === undefined) {
      return [`container ${name} has a ${resource} that is not a quantity`];
    }
    if (asked <= allowed) return [];
    return [`container ${name} requests ${request} of ${resource}, above its limit ${limit}`];
  });
}
