import { setTimeout as sleep } from 'node:timers/promises';

import { Agent, request } from 'undici';

import type { Program } from './process';

/** An MCP server that is measured. */
export interface Endpoint {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly program: Program;
  stop(): Promise<void>;
}

/** Longest wait for a server to start, in milliseconds. */
const START_MS = 60_000;
/** Longest wait for one call, in milliseconds. */
const CALL_MS = 20_000;

/** Servers with sessions tell answers apart by it. */
let lastId = 0;

/** One pool for all load, so that connections cost nobody anything. */
export const LOAD_AGENT = new Agent({ connections: 128, pipelining: 1, keepAliveTimeout: 60_000 });

/** @throws {Error} when the program ends, or does not answer in time */
export async function waitForHttp(url: string, program: Program): Promise<void> {
  const end = performance.now() + START_MS;
  for (;;) {
    try {
      const { body } = await request(url, { dispatcher: LOAD_AGENT });
      await body.dump();
      return;
    } catch (error) {
      if (performance.now() > end || program.hasEnded()) throw error;
      await sleep(100);
    }
  }
}

/** Calls a tool as a client does. @throws {Error} when the answer is no success */
export async function callTool(
  { name: server, url, headers }: Endpoint,
  name: string,
  args: object,
): Promise<void> {
  const { statusCode, body } = await request(url, {
    method: 'POST',
    dispatcher: LOAD_AGENT,
    signal: AbortSignal.timeout(CALL_MS),
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: (lastId += 1),
      method: 'tools/call',
      params: { name, arguments: args },
    }),
  });
  const text = await body.text();
  const json = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  const answer = (json === '' ? {} : JSON.parse(json)) as { result?: { isError?: boolean } };
  if (statusCode !== 200 || answer.result === undefined || answer.result.isError === true) {
    throw new Error(`${name} of ${server} failed with ${statusCode}: ${text.slice(0, 300)}`);
  }
}

/** The same REST call without a server in between, read and parsed. */
export async function callRest(url: string): Promise<void> {
  const { statusCode, body } = await request(url, {
    dispatcher: LOAD_AGENT,
    headers: { 'x-rucio-auth-token': 'root-bench-unknown-0123456789abcdef', accept: '*/*' },
  });
  const text = await body.text();
  for (const line of text.split('\n')) if (line !== '') JSON.parse(line);
  if (statusCode !== 200) throw new Error(`Rucio answered ${statusCode}`);
}
