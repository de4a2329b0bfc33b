import {
  type JSONRPCRequest,
  PROTOCOL_VERSION_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
  isJsonContentType,
} from '@modelcontextprotocol/server';
import type { IncomingHttpHeaders } from 'node:http';

/** The revision whose requests say themselves what they are; older ones are of 2025. */
export const MODERN_REVISION = '2026-07-28';

/** A request that is in order as far as HTTP goes. */
export interface PlainRequest {
  readonly message: JSONRPCRequest;
  readonly era: 'modern' | 'legacy';
}

/** Methods that are answered once, and their parameter that the header `Mcp-Name` repeats. */
const METHODS: ReadonlyMap<unknown, 'name' | 'uri' | undefined> = new Map([
  ['completion/complete', undefined],
  ['prompts/get', 'name'],
  ['prompts/list', undefined],
  ['resources/list', undefined],
  ['resources/read', 'uri'],
  ['resources/templates/list', undefined],
  ['tools/call', 'name'],
  ['tools/list', undefined],
]);
const MODERN_ONLY = 'server/discover';
const LEGACY_ONLY: ReadonlySet<unknown> = new Set(['initialize', 'ping']);

const KEYS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params']);
/** Names in `_meta` that belong to the protocol. */
const RESERVED = 'io.modelcontextprotocol/';

/**
 * Recognizes a request whose headers and envelope leave no question, which nearly all are. Whatever
 * is unusual, wrong or of another kind is not decided here but by the SDK's own handler.
 *
 * @returns undefined when it has to be looked at closer
 * @see MCP 2026-07-28 streamable HTTP, "Request Metadata"
 */
export function plainRequestOf(
  headers: IncomingHttpHeaders,
  body: unknown,
): PlainRequest | undefined {
  if (!isRequest(body) || !isJsonContentType(headers['content-type'])) return undefined;
  const meta = body.params?._meta;
  if (meta !== undefined && !isPlainMeta(meta)) return undefined;
  const claim = meta?.[PROTOCOL_VERSION_META_KEY];
  if (claim === MODERN_REVISION) {
    return isPlainModern(headers, body) ? { message: body, era: 'modern' } : undefined;
  }
  return isPlainLegacy(headers, body) ? { message: body, era: 'legacy' } : undefined;
}

function isRequest(body: unknown): body is JSONRPCRequest {
  if (!isObject(body) || body['jsonrpc'] !== '2.0') return false;
  const { id, params } = body;
  return (
    (typeof id === 'string' || Number.isSafeInteger(id)) &&
    (params === undefined || isObject(params)) &&
    Object.keys(body).every((key) => KEYS.has(key))
  );
}

function isPlainMeta(meta: unknown): boolean {
  if (!isObject(meta)) return false;
  const { progressToken: token } = meta;
  return token === undefined || typeof token === 'string' || Number.isSafeInteger(token);
}

/** Every header is there and repeats the body letter by letter. */
function isPlainModern(headers: IncomingHttpHeaders, { method, params }: JSONRPCRequest): boolean {
  if (!METHODS.has(method) && method !== MODERN_ONLY) return false;
  const named = METHODS.get(method);
  return (
    headers['mcp-protocol-version'] === MODERN_REVISION &&
    headers['mcp-method'] === method &&
    headers['mcp-name'] === (named === undefined ? undefined : params?.[named])
  );
}

/** Nothing in it claims to be of a newer revision. */
function isPlainLegacy(headers: IncomingHttpHeaders, { method, params }: JSONRPCRequest): boolean {
  const { accept = '', 'mcp-protocol-version': version } = headers;
  return (
    (METHODS.has(method) || LEGACY_ONLY.has(method)) &&
    accept.includes('application/json') &&
    accept.includes('text/event-stream') &&
    (version === undefined ||
      (typeof version === 'string' && SUPPORTED_PROTOCOL_VERSIONS.includes(version))) &&
    Object.keys(params?._meta ?? {}).every((key) => !key.startsWith(RESERVED))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
