import { spawnSync } from 'node:child_process';

import { UsageError } from '../usage-error';

/** Most that kubectl may answer, in bytes: a deployment is one megabyte, with its bundle. */
const MAX_ANSWER = 128 * 1024 * 1024;

/** Longest wait of kubectl for one answer of the API server, in seconds. */
const REQUEST_SECONDS = 30;
/** Longest run of kubectl with all its requests and plugins for the login, in milliseconds. */
const MAX_RUN_MS = 120_000;

export interface KubectlOptions {
  /** @default - the current one */
  readonly context?: string | undefined;
  /** @default - that of the process */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly cwd: string;
}

/** kubectl refused; the message is what it told. */
export class KubectlError extends UsageError {
  /** Whether the API server knows who asks and says no. */
  get isForbidden(): boolean {
    return /\(Forbidden\)|\bforbidden\b/.test(this.message);
  }
}

/** The kubectl of the PATH. It is only asked; nothing in the cluster changes. */
export class Kubectl {
  readonly #options: KubectlOptions;

  constructor(options: KubectlOptions) {
    this.#options = options;
  }

  /**
   * Runs a command that reads.
   *
   * @returns what it writes
   * @throws {KubectlError} when it can not run, or says no
   */
  read(verb: 'get' | 'api-resources', args: readonly string[]): string {
    const { context, env, cwd } = this.#options;
    const all = [
      ...[verb, ...args, `--request-timeout=${REQUEST_SECONDS}s`],
      ...(context === undefined ? [] : ['--context', context]),
    ];
    const { status, stdout, stderr, error } = spawnSync('kubectl', all, {
      cwd,
      encoding: 'utf8',
      maxBuffer: MAX_ANSWER,
      timeout: MAX_RUN_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(env === undefined ? {} : { env }),
    });
    if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') {
      throw new KubectlError(
        `kubectl ${verb} did not end within ${MAX_RUN_MS / 1000} s`,
        'run it by hand: does it wait for a login, or is the API server away?',
      );
    }
    if (error !== undefined) {
      const isMissing = 'code' in error && error.code === 'ENOENT';
      throw new KubectlError(
        isMissing ? 'kubectl is not on the PATH' : `kubectl can not run: ${error.message}`,
        'install kubectl, or compare with files: --against DIR|FILE',
      );
    }
    // One aggregated API that is down makes it fail, after it has printed all others.
    const isPartial = verb === 'api-resources' && stdout.trim() !== '';
    if (status !== 0 && !isPartial) {
      throw new KubectlError(
        `kubectl ${verb} failed: ${stderr.trim().split('\n').slice(0, 5).join('\n')}`,
        'check --context, --namespace and what you may read there',
      );
    }
    return stdout;
  }
}
