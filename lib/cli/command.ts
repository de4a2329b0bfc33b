import { CommanderError } from 'commander';

import { visibleLines } from '../contract/visible-text';
import { parseArguments } from './arguments';
import { EXIT, runDiff } from './diff/run-diff';
import { explain } from './explain/explain';
import { valuesHelp } from './explain/values-help';
import { runGraph } from './graph/run-graph';
import { runImport } from './import-helm/run-import';
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
  /** Whether somebody looks at standard output: then it may be coloured. */
  readonly isTerminal?: boolean;
}

/**
 * The synth command. Every problem goes to standard error, and then nothing is written.
 *
 * @returns the exit code: 0, or 1 on any problem; those of `diff` are {@link EXIT}
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
    } else if (request.kind === 'diff') {
      return runDiff(request.options, request.diff, deps);
    } else if (request.kind === 'import-helm') {
      return runImport(request.options, request.wanted, deps);
    } else {
      runSynth(request.options, deps);
    }
    return 0;
  } catch (error) {
    // For diff, 1 means that something differs.
    const failure = deps.argv.includes('diff') ? EXIT.problem : 1;
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : failure;
    // It may quote kubectl, helm or a cluster.
    deps.stderr(`${visibleLines(error instanceof Error ? error.message : String(error))}\n`);
    return failure;
  }
}
