import { join } from 'node:path';

import { runSynthCommand } from '../../lib/cli/command';

export interface SynthOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface SynthCommandOptions {
  /** Where the packed server is, below the folder. */
  readonly bundle?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly isTerminal?: boolean;
}

/** Runs the synth command in a folder, with nothing in its environment but what is given. */
export function synthCommand(
  cwd: string,
  argv: readonly string[],
  { bundle = 'bundle', env = {}, ...options }: SynthCommandOptions = {},
): SynthOutcome {
  const written = { out: '', err: '' };
  const code = runSynthCommand({
    bundleDirectory: join(cwd, bundle),
    argv,
    env,
    cwd,
    stdout: (text) => (written.out += text),
    stderr: (text) => (written.err += text),
    ...options,
  });
  return { code, ...written };
}
