import { setTimeout as sleep } from 'node:timers/promises';

import { CLIENTS } from '../e2e/mcp-clients';
import { timeOfDay } from './service-proxy';

/** Clients that call at the same time. */
const CLIENTS_AT_ONCE = 4;
/** After so many calls a client connects anew, as users come and go. */
const CALLS_OF_A_CLIENT = 10;
/** Between two calls of one client, in milliseconds: the cluster shall work, too. */
const PAUSE_MS = 50;
/** Each asks Rucio. */
const TOOLS = ['rucio_whoami', 'rucio_list_rses', 'rucio_list_scopes'];

/** The official clients of both eras, which call tools without a pause or a second try. */
export class Load {
  calls = 0;
  readonly failures: string[] = [];
  readonly #url: string;
  readonly #bearer: string;
  readonly #stop = new AbortController();
  #running: readonly Promise<void>[] = [];

  private constructor(url: string, bearer: string) {
    this.#url = url;
    this.#bearer = bearer;
  }

  static start(url: string, bearer: string): Load {
    const load = new Load(url, bearer);
    load.#running = Array.from({ length: CLIENTS_AT_ONCE }, (_, index) => load.#run(index));
    return load;
  }

  /** Waits for so many more calls, well or not. */
  async more(calls: number): Promise<void> {
    const enough = this.calls + this.failures.length + calls;
    while (this.calls + this.failures.length < enough) await sleep(PAUSE_MS);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #run(index: number): Promise<void> {
    const [, , connect] = CLIENTS[index % CLIENTS.length]!;
    const isOver = () => this.#stop.signal.aborted;
    while (!isOver()) {
      const since = Date.now();
      let doing = 'connect';
      try {
        const client = await connect(this.#url, this.#bearer);
        for (let call = 0; call < CALLS_OF_A_CLIENT && !isOver(); call++) {
          doing = TOOLS[(index + call) % TOOLS.length]!;
          const { isError, text } = await client.callTool(doing);
          if (isError) throw new Error(text);
          this.calls += 1;
          await sleep(PAUSE_MS);
        }
        await client.close();
      } catch (error) {
        const cause =
          error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
        const ms = Date.now() - since;
        this.failures.push(
          `${timeOfDay()} ${doing}: ${String(error)} ${cause} (connected for ${ms} ms)`,
        );
        await sleep(PAUSE_MS);
      }
    }
  }
}
