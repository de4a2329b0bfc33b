import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import { Agent, request } from 'undici';

/** The revisions of MCP that calls are made in. */
export const REVISIONS = ['2026-07-28', '2025-11-25'] as const;
export type Revision = (typeof REVISIONS)[number];

/** What a load client calls; goes from process to process as JSON. */
export type Target =
  | { readonly kind: 'rest'; readonly url: string }
  | {
      readonly kind: 'tool';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly revision: Revision;
      readonly name: string;
      readonly args: object;
    };

/** Longest wait for one answer, in milliseconds. */
const CALL_MS = 60_000;

/** One pool for all load, so that connections cost nobody anything. */
export const LOAD_AGENT = new Agent({
  connections: 128,
  pipelining: 1,
  keepAliveTimeout: 60_000,
  headersTimeout: CALL_MS,
  bodyTimeout: CALL_MS,
});

/** Servers with sessions tell answers apart by it. */
let lastId = 0;

/** What makes one call to the target. It throws when the answer is no success. */
export function callOf(target: Target): () => Promise<void> {
  return target.kind === 'rest' ? () => callRest(target.url) : () => callTool(target);
}

/** Calls a tool as a client does. */
async function callTool(target: Extract<Target, { kind: 'tool' }>): Promise<void> {
  const { url, headers, revision, name, args } = target;
  const isModern = revision === '2026-07-28';
  const { statusCode, body } = await request(url, {
    method: 'POST',
    dispatcher: LOAD_AGENT,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': revision,
      ...(isModern ? { 'mcp-method': 'tools/call', 'mcp-name': name } : {}),
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: (lastId += 1),
      method: 'tools/call',
      params: { name, arguments: args, ...(isModern ? { _meta: ENVELOPE } : {}) },
    }),
  });
  const text = await body.text();
  const json = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  const answer = (json === '' ? {} : JSON.parse(json)) as { result?: { isError?: boolean } };
  if (statusCode !== 200 || answer.result === undefined || answer.result.isError === true) {
    throw new Error(`${name} at ${url} failed with ${statusCode}: ${text.slice(0, 300)}`);
  }
}

const ENVELOPE = {
  [PROTOCOL_VERSION_META_KEY]: '2026-07-28',
  [CLIENT_INFO_META_KEY]: { name: 'bench', version: '1' },
  [CLIENT_CAPABILITIES_META_KEY]: {},
};

/** The same REST call without a server in between, read and parsed. */
async function callRest(url: string): Promise<void> {
  const { statusCode, body } = await request(url, {
    dispatcher: LOAD_AGENT,
    headers: { 'x-rucio-auth-token': 'root-bench-unknown-0123456789abcdef', accept: '*/*' },
  });
  const text = await body.text();
  for (const line of text.split('\n')) if (line !== '') JSON.parse(line);
  if (statusCode !== 200) throw new Error(`Rucio answered ${statusCode}`);
}
