import { execFile } from 'node:child_process';

import type { z } from 'zod';

/** No answer of ours is larger: the largest are ConfigMaps. In bytes. */
const MAX_OUTPUT = 32 * 1024 * 1024;
/** Commands at the same time. */
const AT_ONCE = 4;

/** Why kubectl gave no answer. */
export type KubectlReason = 'missing' | 'forbidden' | 'not found' | 'no such kind' | 'failed';

export class KubectlError extends Error {
  readonly reason: KubectlReason;

  constructor(reason: KubectlReason, message: string) {
    super(message);
    this.name = 'KubectlError';
    this.reason = reason;
  }
}

export interface KubectlOptions {
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly timeoutMs: number;
  readonly env: NodeJS.ProcessEnv;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Asks a cluster through the operator's own kubectl, with the operator's own rights. Nothing is
 * changed by any command of ours, and none prints what a Secret holds.
 */
export class Kubectl {
  readonly #options: KubectlOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: KubectlOptions) {
    this.#options = options;
  }

  in(namespace: string): Kubectl {
    return new Kubectl({ ...this.#options, namespace });
  }

  /** @throws {KubectlError} */
  async run(args: readonly string[]): Promise<Output> {
    if (this.#running >= AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    this.#running += 1;
    try {
      return await this.#execute(args);
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  /**
   * An object or a list, as far as we know it.
   *
   * @throws {KubectlError} also when it has another form
   */
  async get<T>(schema: z.ZodType<T>, args: readonly string[]): Promise<T> {
    const { stdout } = await this.run(['get', ...args, '--output=json']);
    return readAnswer(schema, stdout, args.join(' '));
  }

  #execute(args: readonly string[]): Promise<Output> {
    const { context, namespace, timeoutMs, env } = this.#options;
    const all = [
      ...(context === undefined ? [] : [`--context=${context}`]),
      ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
      `--request-timeout=${Math.ceil(timeoutMs / 1000)}s`,
      ...args,
    ];
    return new Promise((resolve, reject) => {
      // An exec'd command has no request timeout; ours is for what hangs.
      const limits = { env, maxBuffer: MAX_OUTPUT, timeout: timeoutMs * 3 };
      execFile('kubectl', all, limits, (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr });
        else reject(toError(error, stderr, timeoutMs));
      });
    });
  }
}

/**
 * What a program has written as JSON, as far as we know it.
 *
 * @param what - how to call it
 * @throws {KubectlError} when it is something else
 */
export function readAnswer<T>(schema: z.ZodType<T>, text: string, what: string): T {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new KubectlError('failed', `${what} has a form that is not known here`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function toError(
  error: Error & { readonly code?: number | string | null; readonly killed?: boolean },
  stderr: string,
  timeoutMs: number,
): KubectlError {
  if (error.code === 'ENOENT') return new KubectlError('missing', 'kubectl is not on PATH');
  if (error.killed === true) {
    return new KubectlError('failed', `kubectl did not answer within ${(timeoutMs * 3) / 1000} s`);
  }
  const line = stderr.split('\n').find((text) => /^error|^Error|Unable/.test(text)) ?? '';
  const message = line === '' ? 'kubectl failed' : line.slice(0, 300);
  if (/forbidden/i.test(stderr)) return new KubectlError('forbidden', message);
  if (/NotFound/.test(stderr)) return new KubectlError('not found', message);
  if (/doesn't have a resource type|no matches for kind/.test(stderr)) {
    return new KubectlError('no such kind', message);
  }
  return new KubectlError('failed', message);
}
