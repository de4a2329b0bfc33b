import { didYouMean } from '../../contract/did-you-mean';
import { UsageError } from '../usage-error';
import { type FoundNode, childrenOf } from './schema-node';
import { valuesSchema } from './values-schema';

/** The whole schema of values. */
export function rootNode(): FoundNode {
  return { path: '', node: valuesSchema(), fallback: undefined };
}

/**
 * The value or section of a name such as `auth.mode`.
 *
 * @throws {UsageError} when the schema has none; it tells what there is instead
 */
export function findNode(root: FoundNode, name: string): FoundNode {
  let found = root;
  for (const part of name.split('.')) {
    const children = childrenOf(found);
    const next = children.find(({ path }) => lastOf(path) === part);
    if (next === undefined) throw noSuch(found, part, children);
    found = next;
  }
  return found;
}

function noSuch(parent: FoundNode, part: string, children: readonly FoundNode[]): UsageError {
  const names = children.map(({ path }) => lastOf(path));
  const where = parent.path === '' ? 'no value' : `no value below ${parent.path} that is`;
  if (names.length === 0) return new UsageError(`${parent.path} has no values below it`);
  const near = didYouMean(part, names);
  return new UsageError(
    `there is ${where} called "${part}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
    `choose of: ${names.join(', ')}`,
  );
}

function lastOf(path: string): string {
  return path.split('.').at(-1) ?? '';
}
