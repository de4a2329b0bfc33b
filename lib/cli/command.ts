import { resolve } from 'node:path';

import { Command, CommanderError } from 'commander';

import { DEFAULT_RELEASE } from '../contract/release';
import { VERSION } from '../contract/version';
import { VARIABLES, readEnvironment } from './environment';
import { synthesize } from './synthesize';
import { mergeValues } from './values/merge-values';
import { readValuesFiles, setFileReader, valuesFiles } from './values/read-sources';
import { writeManifests } from './write-manifests';

/** Where manifests go unless an option or `cdk8s synth` says otherwise. */
const DEFAULT_OUTPUT = 'manifests';

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

interface Options {
  readonly values: readonly string[];
  readonly setJson: readonly string[];
  readonly set: readonly string[];
  readonly setString: readonly string[];
  readonly setFile: readonly string[];
  readonly setLiteral: readonly string[];
  readonly name?: string;
  readonly namespace?: string;
  readonly output?: string;
  readonly allowUnserved?: boolean;
}

const SET_FAMILY = ['setJson', 'set', 'setString', 'setFile', 'setLiteral'] as const;

/**
 * The synth command. Every problem goes to standard error, and then nothing is written.
 *
 * @returns the exit code: 0, or 1 on any problem
 */
export function runSynthCommand(deps: SynthCommandDeps): number {
  try {
    synth(parseArguments(deps), deps);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    deps.stderr(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function parseArguments({ argv, stdout, stderr }: SynthCommandDeps): Options {
  const command = new Command('rucio-mcp-synth')
    .description('Writes the Kubernetes manifests of a Rucio MCP server.')
    .version(VERSION)
    .option('-f, --values <file>', 'values file; repeatable, later files win', append, [])
    .option('--set <key=value,...>', 'values; numbers, true, false and null are typed', append, [])
    .option('--set-string <key=value,...>', 'values that are text', append, [])
    .option('--set-file <key=path,...>', 'values from the text of files', append, [])
    .option('--set-json <key=json,...>', 'values as JSON', append, [])
    .option('--set-literal <key=value>', 'one value that is text as it is', append, [])
    .option('--name <name>', `release name (${VARIABLES.name}; default ${DEFAULT_RELEASE.name})`)
    .option(
      '--namespace <namespace>',
      `namespace (${VARIABLES.namespace}; default ${DEFAULT_RELEASE.namespace})`,
    )
    .option('--output <dir>', `directory, or - for standard output (default ${DEFAULT_OUTPUT})`)
    .option('--allow-unserved', 'also write manifests of what this version does not serve yet')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: stdout, writeErr: stderr });
  command.parse([...argv], { from: 'user' });
  return command.opts<Options & Record<string, unknown>>();
}

function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function synth(options: Options, deps: SynthCommandDeps): void {
  const environment = readEnvironment(deps.env);
  const files = valuesFiles({
    files: options.values,
    environmentFile: environment.values,
    optional: SET_FAMILY.some((option) => options[option].length > 0),
    cwd: deps.cwd,
  });
  const release = {
    name: options.name ?? environment.name ?? DEFAULT_RELEASE.name,
    namespace: options.namespace ?? environment.namespace ?? DEFAULT_RELEASE.namespace,
  };
  const read = readValuesFiles(files);
  for (const warning of read.warnings) deps.stderr(`warning: ${warning}\n`);
  const values = mergeValues(
    { ...options, files: read.files },
    { readFile: setFileReader(deps.cwd) },
  );
  const text = synthesize({
    values,
    release,
    bundleDirectory: deps.bundleDirectory,
    allowUnserved: options.allowUnserved ?? environment.allowUnserved !== undefined,
    note: (note) => {
      deps.stderr(`${note}\n`);
    },
  });
  const output = options.output ?? environment.outdir ?? DEFAULT_OUTPUT;
  if (output === '-') {
    deps.stdout(text);
    return;
  }
  const file = writeManifests(resolve(deps.cwd, output), `${release.name}.k8s.yaml`, text);
  deps.stderr(`wrote ${file}\n`);
}
