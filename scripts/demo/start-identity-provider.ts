import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Interface, createInterface } from 'node:readline';

import type { ProviderSettings } from './identity-provider/provider-settings';

export interface StartProviderOptions {
  /** The program that the build made: `dist/identity-provider.mjs`. */
  readonly program: string;
}

/** How much of its log is told when it does not come up, in characters. */
const SHOWN_LOG = 2000;

/** An OpenID provider on this computer, which lets everybody choose who they are. */
export class IdentityProvider {
  /** Base address, http on loopback. */
  readonly issuer: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #log: () => string;

  /** Use {@link startIdentityProvider}. */
  constructor(
    issuer: string,
    child: ChildProcess,
    lines: AsyncIterator<string>,
    log: () => string,
  ) {
    this.issuer = issuer;
    this.#child = child;
    this.#lines = lines;
    this.#log = log;
  }

  /**
   * Lets a Rucio sign in these people; once.
   *
   * @throws {Error} when the provider does not take the settings
   */
  async serve(settings: ProviderSettings): Promise<void> {
    this.#child.stdin?.write(`${JSON.stringify(settings)}\n`);
    const { value } = (await this.#lines.next()) as { value?: string };
    if (value !== 'ready') throw broken(this.#log());
  }

  /** Sends a signal to its process, and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Also where the process is paused; it has nothing to save. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.signal('SIGKILL');
    await exit;
  }
}

/**
 * Starts the provider as a process of its own. It ends with ours, however ours ends: it lives as long
 * as its standard input.
 *
 * @throws {Error} when it does not come up
 */
export async function startIdentityProvider(
  options: StartProviderOptions,
): Promise<IdentityProvider> {
  const child = spawn(process.execPath, ['--no-warnings', options.program], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C is for us; we tell it when to stop.
    detached: true,
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-SHOWN_LOG);
  });
  const lines = linesOf(createInterface({ input: child.stdout }));
  const { value } = (await lines.next()) as { value?: string };
  const issuer = /^issuer (\S+)$/.exec(value ?? '')?.[1];
  if (issuer === undefined) {
    child.kill();
    throw broken(log);
  }
  return new IdentityProvider(issuer, child, lines, () => log);
}

const linesOf = (lines: Interface): AsyncIterator<string> => lines[Symbol.asyncIterator]();

function broken(log: string): Error {
  return new Error(`the identity provider does not come up:\n${log.trimEnd()}`);
}
