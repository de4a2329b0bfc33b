// Checks manifests (a JSON list on standard input) against the OpenAPI model of Kubernetes that the
// official client carries: unknown fields and wrong types. Prints a JSON list of complaints.
// A program of its own, since the client is ESM and the tests run as CommonJS.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as models from '@kubernetes/client-node/dist/gen/models/all.js';
import { parseAllDocuments } from 'yaml';

const PREFIX = {
  'networking.k8s.io/v1': 'V1',
  'apps/v1': 'V1',
  'autoscaling/v2': 'V2',
  'batch/v1': 'V1',
  'policy/v1': 'V1',
  v1: 'V1',
};

/** Schemas of the custom resources, by group, version and kind. */
const definitions = new Map();
const crds = join(import.meta.dirname, '../../../imports/crds');
for (const file of readdirSync(crds)) {
  for (const document of parseAllDocuments(readFileSync(join(crds, file), 'utf8'))) {
    const { group, names, versions } = document.toJS().spec;
    for (const { name, schema } of versions) {
      definitions.set(`${group}/${name} ${names.kind}`, schema.openAPIV3Schema);
    }
  }
}

/** Strict: a field that the definition lacks is an error; `metadata` is Kubernetes' own. */
function checkDefined(value, schema, path) {
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const isInteger = type === 'number' && Number.isInteger(value) && schema.type === 'integer';
  if (schema.type !== undefined && type !== schema.type && !isInteger) {
    return [`${path} is a ${type}, not a ${schema.type}`];
  }
  if (type === 'array') {
    return value.flatMap((item, index) => checkDefined(item, schema.items, `${path}[${index}]`));
  }
  if (type === 'string') {
    const { pattern } = schema;
    return pattern === undefined || new RegExp(pattern).test(value) ? [] : [`${path}: ${pattern}`];
  }
  if (type !== 'object') return [];
  const missing = (schema.required ?? []).filter((key) => !(key in value));
  return [
    ...missing.map((key) => `${path}.${key} is required`),
    ...Object.entries(value).flatMap(([key, item]) => {
      if (path.indexOf('.') < 0 && key === 'metadata') return check(item, 'V1ObjectMeta', path);
      const inner = schema.properties?.[key] ?? schema.additionalProperties;
      return inner === undefined
        ? [`${path}.${key} is not a field of its definition`]
        : checkDefined(item, inner, `${path}.${key}`);
    }),
  ];
}

function check(value, type, path) {
  if (value === undefined || value === null) return [];
  const list = /^(?:Array|Set)<(.*)>$/.exec(type);
  if (list !== null) {
    if (!Array.isArray(value)) return [`${path} is not a list`];
    return value.flatMap((item, index) => check(item, list[1], `${path}[${index}]`));
  }
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map !== null) {
    if (typeof value !== 'object' || Array.isArray(value)) return [`${path} is not a map`];
    return Object.entries(value).flatMap(([key, item]) => check(item, map[1], `${path}.${key}`));
  }
  if (type === 'IntOrString') {
    return ['number', 'string'].includes(typeof value) ? [] : [`${path} is no IntOrString`];
  }
  if (['string', 'number', 'boolean'].includes(type)) {
    return typeof value === type ? [] : [`${path} is a ${typeof value}, not a ${type}`];
  }
  if (type === 'any') return [];
  const model = models[type];
  if (model === undefined) return [`${path} has the type ${type}, which this check does not know`];
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path} is not a map`];
  const attributes = new Map(
    model.getAttributeTypeMap().map((known) => [known.baseName, known.type]),
  );
  return Object.entries(value).flatMap(([key, item]) =>
    attributes.has(key)
      ? check(item, attributes.get(key), `${path}.${key}`)
      : [`${path}.${key} is not a field of ${type}`],
  );
}

const manifests = JSON.parse(readFileSync(0, 'utf8'));
const problems = manifests.flatMap((manifest) => {
  const { apiVersion, kind } = manifest;
  if (apiVersion in PREFIX) return check(manifest, `${PREFIX[apiVersion]}${kind}`, kind);
  const definition = definitions.get(`${apiVersion} ${kind}`);
  return definition === undefined
    ? [`${kind} of ${apiVersion} is a kind that nobody defines`]
    : checkDefined(manifest, definition, kind);
});
process.stdout.write(JSON.stringify(problems));
