import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

/** The class of a generated (L1) object, or of one that is written as it is. */
export type ResourceClass<Props, T extends ApiObject> = new (
  scope: Construct,
  id: string,
  props: Props,
) => T;

/**
 * Creates an object and makes it a validation error of the construct when a field that was set does
 * not come out in the manifest: generated classes drop what their model does not know, in silence.
 *
 * @see https://github.com/cdk8s-team/cdk8s-core/issues/72
 */
export function createResource<Props extends object, T extends ApiObject>(
  scope: Construct,
  id: string,
  Kind: ResourceClass<Props, T>,
  props: Props,
): T {
  const object = new Kind(scope, id, props);
  object.node.addValidation({
    validate: () => droppedFields(props, object.toJson(), object.kind),
  });
  return object;
}

/**
 * The fields of `set` that `rendered` lacks or shows with another value, one message each.
 *
 * @param set - what was asked for; names may differ from the manifest in case (`clusterIp`)
 * @param rendered - the manifest
 * @param path - how to call the place
 */
export function droppedFields(set: unknown, rendered: unknown, path: string): string[] {
  const wanted = plain(set);
  if (wanted === undefined || wanted === null) return [];
  if (Array.isArray(wanted)) {
    if (!Array.isArray(rendered) || rendered.length !== wanted.length) return [lost(path)];
    return wanted.flatMap((item, index) =>
      droppedFields(item, rendered[index], `${path}[${index}]`),
    );
  }
  if (typeof wanted === 'object') {
    if (typeof rendered !== 'object' || rendered === null) return [lost(path)];
    const byName = new Map(Object.entries(rendered).map(([key, value]) => [fold(key), value]));
    return Object.entries(wanted).flatMap(([key, value]) =>
      droppedFields(value, byName.get(fold(key)) as unknown, `${path}.${key}`),
    );
  }
  if (rendered === undefined) return [lost(path)];
  return wanted === rendered ? [] : [`${path} was set, but the manifest has another value`];
}

function lost(path: string): string {
  return `${path} was set, but is not in the manifest: the class of this kind does not know it`;
}

function fold(key: string): string {
  return key.toLowerCase();
}

/** `IntOrString` and `Quantity` of the generated classes hold their value in a field. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
  return isPlain || !('value' in value) ? value : value.value;
}
