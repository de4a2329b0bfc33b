import { CommanderError } from 'commander';

import { parseArguments } from './arguments';
import { explain } from './explain/explain';
import { valuesHelp } from './explain/values-help';
import { runGraph } from './graph/run-graph';
import { readRequestedValues } from './requested-values';
import { runSynth } from './run-synth';

export interface SynthCommandDeps {
  /** Where the build put the server. */
  readonly bundleDirectory: string;
  readonly argv: readonly string[];
  /** @default - that of the process */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/**
 * The synth command. Every problem goes to standard error, and then nothing is written.
 *
 * @returns the exit code: 0, or 1 on any problem
 */
export function runSynthCommand(deps: SynthCommandDeps): number {
  try {
    const request = parseArguments({ ...deps, valuesHelp });
    if (request.kind === 'explain') {
      const { value, json, options } = request;
      const requested = readRequestedValues({ ...options, optional: true }, deps);
      deps.stdout(explain({ ...requested, value, json, bundleDirectory: deps.bundleDirectory }));
    } else if (request.kind === 'graph') {
      runGraph(request, deps);
    } else {
      runSynth(request.options, deps);
    }
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    deps.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
