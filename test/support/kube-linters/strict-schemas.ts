/** A JSON schema as OpenAPI 2, and definitions of custom resources, write one. */
export type Schema = Readonly<Record<string, unknown>>;

/** A kind and the schema of its objects. */
export interface KindSchema {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly schema: Schema;
}

/** The part of a CustomResourceDefinition that says which fields there are. */
export interface CustomResource {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

type Definitions = Readonly<Record<string, Schema>>;

const REFERENCE = '#/definitions/';
const API = 'io.k8s.apimachinery.pkg';
const METADATA = `${API}.apis.meta.v1.ObjectMeta`;
/** Types that Kubernetes reads by code of its own; its document says only `string`. */
const SPECIAL: Definitions = {
  [`${API}.api.resource.Quantity`]: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  [`${API}.util.intstr.IntOrString`]: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
};
/** Keywords whose value is one schema, a list of them, and a map of them. */
const NESTED = ['items', 'additionalProperties', 'not'];
const LISTS = ['allOf', 'anyOf', 'oneOf'];
const MAPS = ['properties', 'patternProperties'];
/** What says nothing about validity, or that a validator does not understand. */
const DROPPED = /^(x-kubernetes-.*|description|default|example|format|nullable)$/;

/**
 * Schemas of the kinds that Kubernetes has. Strict: a field that a definition lacks is refused.
 *
 * @param definitions - of Kubernetes' own OpenAPI document
 */
export function kubernetesSchemas(definitions: Definitions): KindSchema[] {
  return Object.entries(definitions).flatMap(([name, definition]) => {
    const kinds = (definition['x-kubernetes-group-version-kind'] ?? []) as KindSchema[];
    const properties = (definition['properties'] ?? {}) as Definitions;
    if (!('kind' in properties) || !('metadata' in properties)) return [];
    return kinds.map(({ group, version, kind }) => {
      const schema = withKind(closed(definition), { group, version, kind });
      return { group, version, kind, schema: withDefinitions(schema, definitions, name) };
    });
  });
}

/** Schemas of the kinds that a custom resource brings; their metadata is Kubernetes' own. */
export function customSchemas(resource: CustomResource, definitions: Definitions): KindSchema[] {
  const { group, names, versions } = resource.spec;
  return versions.map(({ name: version, schema: { openAPIV3Schema } }) => {
    const { kind } = names;
    const { properties, ...rest } = closed(openAPIV3Schema);
    const schema = withKind(
      {
        ...rest,
        properties: { ...(properties as object), metadata: { $ref: REFERENCE + METADATA } },
      },
      { group, version, kind },
    );
    return { group, version, kind, schema: withDefinitions(schema, definitions, kind) };
  });
}

function closed(schema: Schema): Schema {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (DROPPED.test(key)) continue;
    if (MAPS.includes(key)) result[key] = mapped(value as Definitions);
    else if (LISTS.includes(key)) result[key] = (value as Schema[]).map(closed);
    else if (NESTED.includes(key) && typeof value === 'object') {
      result[key] = closed(value as Schema);
    } else result[key] = value;
  }
  if (schema['x-kubernetes-int-or-string'] === true) {
    delete result['type'];
    result['anyOf'] = [{ type: 'integer' }, { type: 'string' }];
  }
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (schema['properties'] !== undefined && !isOpen) result['additionalProperties'] ??= false;
  return schema['nullable'] === true ? { anyOf: [result, { type: 'null' }] } : result;
}

function mapped(schemas: Definitions): Definitions {
  return Object.fromEntries(Object.entries(schemas).map(([name, inner]) => [name, closed(inner)]));
}

function withKind(schema: Schema, { group, version, kind }: Omit<KindSchema, 'schema'>): Schema {
  return {
    ...schema,
    properties: {
      ...(schema['properties'] as object),
      apiVersion: { enum: [group === '' ? version : `${group}/${version}`] },
      kind: { enum: [kind] },
    },
    required: [
      ...new Set([...((schema['required'] ?? []) as string[]), 'apiVersion', 'kind', 'metadata']),
    ],
  };
}

/** Adds the definitions that a schema refers to, so that it stands alone. */
function withDefinitions(schema: Schema, definitions: Definitions, title: string): Schema {
  const found: Record<string, Schema> = {};
  const queue: Schema[] = [schema];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const name of references(next)) {
      if (name in found) continue;
      const definition = SPECIAL[name] ?? definitions[name];
      if (definition === undefined) throw new Error(`${title} refers to ${name}, which is nowhere`);
      found[name] = closed(definition);
      queue.push(found[name]);
    }
  }
  return { ...schema, definitions: found };
}

function references(schema: Schema): string[] {
  const text = JSON.stringify(schema);
  return [...text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(([, name = '']) => name);
}
