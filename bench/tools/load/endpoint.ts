import { setTimeout as sleep } from 'node:timers/promises';

import { request } from 'undici';

import type { Program } from './process';
import { LOAD_AGENT, type Revision } from './target';

/** An MCP server that is measured. */
export interface Endpoint {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The revisions of MCP that it is measured in. */
  readonly revisions: readonly Revision[];
  readonly program: Program;
  stop(): Promise<void>;
}

/** Longest wait for a server to start, in milliseconds. */
const START_MS = 60_000;

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
