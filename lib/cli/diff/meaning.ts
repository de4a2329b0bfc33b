import { createHash } from 'node:crypto';

import type { Manifest } from '../../constructs/checks/manifest';
import { type MutableMap, type ValuesMap, isMap, setKey } from '../values/values-map';
import { serveFlags } from './serve-flags';

/** What the API server or kubectl writes into metadata by itself. */
const SERVER_METADATA = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
];
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const SERVER_ANNOTATIONS = [LAST_APPLIED, 'deployment.kubernetes.io/revision'];

/** A value of a Secret: it can be compared, and is never shown. */
export class HiddenValue {
  readonly #digest: string;

  constructor(content: Buffer) {
    this.#digest = createHash('sha256').update(content).digest('hex');
  }

  equals(other: HiddenValue): boolean {
    return this.#digest === other.#digest;
  }

  toJSON(): string {
    return '(not shown)';
  }
}

/**
 * A manifest without what has no meaning for its author: what the API server writes, null and empty
 * lists. Values of Secrets are hidden, JSON inside of a ConfigMap is read, and the arguments of
 * `serve` are a map of flags.
 */
export function meaningOf(manifest: Manifest): ValuesMap {
  const { status: _, metadata, ...rest } = manifest as Manifest & { readonly status?: unknown };
  const body = manifest.kind === 'Secret' ? withHiddenValues(rest) : rest;
  const read = manifest.kind === 'ConfigMap' ? withDocuments(body) : body;
  const annotations = omit(metadata.annotations ?? {}, SERVER_ANNOTATIONS);
  const own = omit({ ...metadata, annotations }, SERVER_METADATA);
  return plain({ ...read, metadata: own }) as ValuesMap;
}

function omit(map: ValuesMap, keys: readonly string[]): ValuesMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isMap(value) || value instanceof HiddenValue) return value;
  const copy: MutableMap = {};
  for (const [key, inner] of Object.entries(withServeFlags(value))) {
    const isNothing =
      inner === null || inner === undefined || (Array.isArray(inner) && inner.length === 0);
    // Labels and annotations that are gone are no map any more.
    const isEmpty = isMap(inner) && Object.keys(inner).length === 0 && NAMES_ONLY.includes(key);
    if (!isNothing && !isEmpty) setKey(copy, key, plain(inner));
  }
  return copy;
}

const NAMES_ONLY = ['annotations', 'labels', 'resources', 'limits', 'requests'];

/** A container that runs `serve` has its flags as a map: their order has no meaning. */
function withServeFlags(value: ValuesMap): ValuesMap {
  if (!Array.isArray(value['args']) || value['image'] === undefined) return value;
  const found = serveFlags(value['args'].map(String));
  return found === undefined ? value : { ...value, args: found.before, serve: found.flags };
}

function withHiddenValues(body: ValuesMap): ValuesMap {
  const { data, stringData, ...rest } = body;
  const hidden: MutableMap = {};
  const hide = (map: unknown, encoding: 'base64' | 'utf8') => {
    for (const [key, text] of Object.entries(isMap(map) ? map : {})) {
      setKey(hidden, key, new HiddenValue(Buffer.from(String(text), encoding)));
    }
  };
  hide(data, 'base64');
  hide(stringData, 'utf8');
  return { ...rest, type: rest['type'] ?? 'Opaque', data: hidden };
}

function withDocuments(body: ValuesMap): ValuesMap {
  const data = body['data'];
  if (!isMap(data)) return body;
  const read = Object.entries(data).map(([key, text]) => {
    return [key, key.endsWith('.json') && typeof text === 'string' ? documentOf(text) : text];
  });
  return { ...body, data: Object.fromEntries(read) as ValuesMap };
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
