// Checks manifests (a JSON list on standard input) against the OpenAPI model of Kubernetes that the
// official client carries: unknown fields and wrong types. Prints a JSON list of complaints.
// A program of its own, since the client is ESM and the tests run as CommonJS.
import { readFileSync } from 'node:fs';
import * as models from '@kubernetes/client-node/dist/gen/models/all.js';

const PREFIX = {
  'networking.k8s.io/v1': 'V1',
  'apps/v1': 'V1',
  v1: 'V1',
};

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
const problems = manifests
  .filter(({ apiVersion }) => apiVersion in PREFIX)
  .flatMap((manifest) =>
    check(manifest, `${PREFIX[manifest.apiVersion]}${manifest.kind}`, manifest.kind),
  );
process.stdout.write(JSON.stringify(problems));
