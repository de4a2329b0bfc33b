import type { SchemaNode } from './values-schema';

/** A value of the schema, or a section of values. */
export interface FoundNode {
  readonly path: string;
  readonly node: SchemaNode;
  /** The default as the sections above have it. */
  readonly fallback: unknown;
}

/** The values and sections directly below a node, those of all arms of a choice together. */
export function childrenOf({ path, node, fallback }: FoundNode): readonly FoundNode[] {
  const arms = [node, ...(node.oneOf ?? []), ...(node.anyOf ?? [])];
  const found = new Map<string, FoundNode>();
  for (const arm of arms) {
    for (const [key, child] of Object.entries(arm.properties ?? {})) {
      const inherited = (fallback as Record<string, unknown> | undefined)?.[key];
      const before = found.get(key)?.node;
      found.set(key, {
        path: path === '' ? key : `${path}.${key}`,
        node: before === undefined ? child : joined(before, child),
        fallback: inherited ?? child.default,
      });
    }
  }
  return [...found.values()];
}

/** A key that several arms of a choice have: any of their words is allowed. */
function joined(a: SchemaNode, b: SchemaNode): SchemaNode {
  return a.const !== undefined && b.const !== undefined
    ? { enum: [a.const, b.const] }
    : a.enum !== undefined && b.const !== undefined
      ? { ...a, enum: [...a.enum, b.const] }
      : a;
}

/** All values below a node, each with its path; sections are left out. */
export function leavesOf(found: FoundNode): readonly FoundNode[] {
  const children = childrenOf(found);
  return children.length === 0 ? [found] : children.flatMap(leavesOf);
}

/** The kind of a value in words. */
export function typeOf(node: SchemaNode): string {
  const words = node.const === undefined ? node.enum : [node.const];
  if (words !== undefined) return words.map((word) => JSON.stringify(word)).join(' | ');
  const arms = node.anyOf ?? node.oneOf;
  // "" stands for "not set"; the default shows it.
  if (arms !== undefined) {
    return [...new Set(arms.filter((arm) => arm.const !== '').map(typeOf))].join(' or ');
  }
  if (node.type === 'array')
    return `list of ${node.items === undefined ? 'any' : typeOf(node.items)}`;
  return node.type === 'object' ? 'map' : (node.type ?? 'any');
}

/** Bounds and form of a value, as far as the schema has them. */
export function boundsOf(node: SchemaNode): string {
  const arms = [node, ...(node.anyOf ?? [])];
  const parts = arms.flatMap(
    ({ minimum, maximum, minLength, maxLength, minItems, maxItems, pattern }) => [
      range(minimum, maximum, ''),
      range(minLength, maxLength, ' characters'),
      range(minItems, maxItems, ' items'),
      pattern === undefined ? '' : `like ${pattern}`,
    ],
  );
  return [...new Set(parts.filter((part) => part !== ''))].join('; ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (most === undefined || most >= Number.MAX_SAFE_INTEGER) {
    return least === undefined || least === 0 ? '' : `at least ${least}${unit}`;
  }
  return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`;
}
