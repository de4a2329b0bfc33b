import { readFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { Agent, request } from 'undici';

import { CA_FILE } from '../../test/support/tls/files';
import type { UsersJob, UsersResult } from './job';

/**
 * Many users at once, each with a connection of their own: they call one tool after the other (or,
 * for the floor, make the same requests at Rucio itself). Runs in a process of its own: reads a
 * {@link UsersJob} from standard input and prints a {@link UsersResult}.
 */
const job = (await json(process.stdin)) as UsersJob;

/** Longest wait for one answer, in milliseconds. */
const CALL_MS = 60_000;
/** Kinds of failures that are told apart. */
const MAX_FAILURES = 10;

const agent = new Agent({
  connections: job.tokens.length,
  pipelining: 1,
  keepAliveTimeout: 60_000,
  connect: { ca: readFileSync(CA_FILE, 'utf8') },
});

const latencies: number[] = [];
const failures = new Map<string, number>();
let errors = 0;
let isOver = false;

const CALLS = [
  {
    tool: 'rucio_get_did',
    args: { did: 'mock:ds' },
    rest: '/dids/mock/ds/status?dynamic_depth=FILE',
  },
  {
    tool: 'rucio_list_dids',
    args: { did_pattern: 'mock:*DAOD*', did_type: 'dataset' },
    rest: '/dids/mock/dids/search?type=dataset&long=True&name=*DAOD*',
  },
] as const;

function send(token: string, count: number) {
  const call = CALLS[count % CALLS.length] ?? CALLS[0];
  const common = { dispatcher: agent, signal: AbortSignal.timeout(CALL_MS) };
  if (job.target === 'rucio') {
    return request(`${job.url}${call.rest}`, {
      ...common,
      headers: { 'x-rucio-auth-token': token },
    });
  }
  return request(job.url, {
    ...common,
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: count,
      method: 'tools/call',
      params: { name: call.tool, arguments: call.args },
    }),
  });
}

/** @returns what is wrong with the answer, if anything */
function problemOf(status: number, text: string): string | undefined {
  if (status !== 200) return `status ${status}`;
  if (job.target === 'rucio') return undefined;
  const message = /^data: (.*)$/m.exec(text)?.[1] ?? text;
  const { result } = JSON.parse(message) as { result?: { isError?: boolean } };
  return result === undefined || result.isError === true ? text.slice(0, 200) : undefined;
}

async function callOnce(token: string, count: number): Promise<string | undefined> {
  try {
    const { statusCode, body } = await send(token, count);
    return problemOf(statusCode, await body.text());
  } catch (error) {
    return String(error);
  }
}

async function user(token: string, index: number): Promise<void> {
  // Users do not begin in the same instant.
  if (job.pauseMs > 0) await sleep((index / job.tokens.length) * job.pauseMs);
  for (let count = index; !isOver; count += 1) {
    const start = performance.now();
    const problem = await callOnce(token, count);
    latencies.push(performance.now() - start);
    if (problem !== undefined) {
      errors += 1;
      if (failures.has(problem) || failures.size < MAX_FAILURES) {
        failures.set(problem, (failures.get(problem) ?? 0) + 1);
      }
    }
    if (job.pauseMs > 0) await sleep(job.pauseMs);
  }
}

const start = performance.now();
const timer = setTimeout(() => (isOver = true), job.seconds * 1000);
await Promise.all(job.tokens.map(user));
clearTimeout(timer);
const seconds = (performance.now() - start) / 1000;
await agent.close();
latencies.sort((a, b) => a - b);
const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
const result: UsersResult = {
  calls: latencies.length,
  seconds,
  p50: at(0.5),
  p90: at(0.9),
  p99: at(0.99),
  errors,
  failures: Object.fromEntries(failures),
};
console.log(JSON.stringify(result));
