import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { eventually } from './eventually';

const ROOT = join(__dirname, '../..');

/** A command of the project, as people type it, while it runs. */
export class NpmCommand {
  readonly child: ChildProcess;
  #output = '';

  /** @param args - behind `npm`, such as `start` */
  constructor(...args: readonly string[]) {
    const child = spawn('npm', args, { cwd: ROOT });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.child = child;
  }

  /** What it wrote so far, of both streams. */
  get output(): string {
    return this.#output;
  }

  /**
   * Waits until the output is like this; the match, or its first group.
   *
   * @throws {Error} with the output, when the command ends before
   */
  async told(pattern: RegExp): Promise<string> {
    const found = () => pattern.exec(this.#output);
    await eventually(() => found() !== null || this.child.exitCode !== null);
    const [whole, group] = found() ?? [];
    if (whole === undefined) throw new Error(`the command ended with:\n${this.#output}`);
    return group ?? whole;
  }

  /** The exit code, once it has ended and all its output is here. */
  async ended(): Promise<unknown> {
    return this.child.exitCode ?? ((await once(this.child, 'close')) as unknown[])[0];
  }
}
