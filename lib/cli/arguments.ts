import { Command, Option } from 'commander';

import { DEFAULT_RELEASE } from '../contract/release';
import { VERSION } from '../contract/version';
import { VARIABLES } from './environment';

/** Where manifests go unless an option or `cdk8s synth` says otherwise. */
export const DEFAULT_OUTPUT = 'manifests';

export interface Options {
  readonly values: readonly string[];
  readonly setJson: readonly string[];
  readonly set: readonly string[];
  readonly setString: readonly string[];
  readonly setFile: readonly string[];
  readonly setLiteral: readonly string[];
  readonly name?: string;
  readonly namespace?: string;
  readonly environments?: string;
  readonly output?: string;
  readonly showOnly: readonly string[];
  readonly notes: boolean;
  readonly strict: boolean;
  readonly allowUnserved?: boolean;
}

export const GRAPH_FORMATS = ['mermaid', 'svg', 'html'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** What the command line asks for. */
export type Request =
  | { readonly kind: 'synth'; readonly options: Options }
  | {
      readonly kind: 'graph';
      readonly options: Options;
      /** By the ending of the file where it is not given. */
      readonly format: GraphFormat | undefined;
    }
  | { readonly kind: 'diff'; readonly options: Options; readonly diff: DiffOptions }
  | { readonly kind: 'import-helm'; readonly options: Options; readonly wanted: ImportOptions }
  | {
      readonly kind: 'explain';
      readonly options: Options;
      /** The value to explain; without one, the resources. */
      readonly value: string | undefined;
      readonly json: boolean;
    };

/** With what `diff` compares. */
export interface DiffOptions {
  /** A directory, a file or `-`; the last output where it is not given. */
  readonly against?: string;
  readonly cluster?: boolean;
  readonly context?: string;
}

/** The release that `import-helm` takes over. */
export interface ImportOptions {
  /** What `helm get manifest` has written. */
  readonly manifest?: string;
  /** The name of a release that helm is asked for. */
  readonly release?: string;
  readonly kubeContext?: string;
  readonly json?: boolean;
}

/** The options that give values, in the order in which they count. */
export const SET_FAMILY = ['setJson', 'set', 'setString', 'setFile', 'setLiteral'] as const;

export interface ArgumentsDeps {
  readonly argv: readonly string[];
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** The list of values for `--help`; it takes time to make. */
  readonly valuesHelp: () => string;
}

/**
 * Reads the command line.
 *
 * @throws {CommanderError} when it is wrong, after a message, and when help was all that is wanted
 */
export function parseArguments({ argv, stdout, stderr, valuesHelp }: ArgumentsDeps): Request {
  let request: Request | undefined;
  const program = new Command('rucio-mcp-synth')
    .description('Writes the Kubernetes manifests of a Rucio MCP server.')
    .version(VERSION)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: stdout, writeErr: stderr });
  addValuesOptions(program);
  addOutputOptions(program);
  program.action(() => {
    request = { kind: 'synth', options: program.opts() };
  });
  program
    .command('explain')
    .description('tells what one value does, or why each resource is there')
    .argument('[value]', 'name of a value, e.g. auth.mode')
    .option('--json', 'as JSON')
    .allowExcessArguments(false)
    .action((value: string | undefined, { json = false }: { readonly json?: boolean }) => {
      request = { kind: 'explain', options: program.opts(), value, json };
    });
  program
    .command('graph')
    .description('draws the deployment, on standard output or to the file of --output')
    .addOption(
      new Option('--format <format>', 'by default that of the ending of the file').choices(
        GRAPH_FORMATS,
      ),
    )
    .allowExcessArguments(false)
    .action(({ format }: { readonly format?: GraphFormat }) => {
      request = { kind: 'graph', options: program.opts(), format };
    });
  program
    .command('diff')
    .description(
      'what would change and what follows from it; exit code 0: nothing, 1: something, 2: a problem',
    )
    .option('--against <dir|file|->', 'compare with these manifests (default: the last output)')
    .option('--cluster', 'compare with the cluster, through kubectl')
    .option('--context <name>', 'the context of kubectl')
    .addHelpText('after', '\n--output json tells the same for programs.')
    .allowExcessArguments(false)
    .action((diff: DiffOptions) => {
      request = { kind: 'diff', options: program.opts(), diff };
    });
  addImport(program, (wanted) => {
    request = { kind: 'import-helm', options: program.opts(), wanted };
  });
  program.addHelpText('after', () => `\n${valuesHelp()}\n`);
  program.parse([...argv], { from: 'user' });
  if (request === undefined) throw new TypeError('no action has run');
  return request;
}

function addImport(program: Command, onImport: (wanted: ImportOptions) => void): void {
  program
    .command('import-helm')
    .description(
      'takes the values of a release of the Helm chart over, and explains every difference',
    )
    .option('--manifest <file>', 'what "helm get manifest" has written; its values with --values')
    .option('--release <name>', 'ask helm for this release instead')
    .option('--kube-context <name>', 'the context of helm')
    .option('--json', 'values, differences and consequences as JSON')
    .addHelpText('after', '\nThe values go to standard output, or to the file of --output.')
    .allowExcessArguments(false)
    .action(onImport);
}

function addValuesOptions(program: Command): void {
  const list: readonly string[] = [];
  const pair = '<key=value,...>';
  program
    .option('-f, --values <file>', 'values file; repeatable, later files win', append, list)
    .option(`--set ${pair}`, 'values; numbers, true, false and null are typed', append, list)
    .option(`--set-string ${pair}`, 'values that are text', append, list)
    .option('--set-file <key=path,...>', 'values from the text of files', append, list)
    .option('--set-json <key=json,...>', 'values as JSON', append, list)
    .option('--set-literal <key=value>', 'one value that is text as it is', append, list)
    .option('--name <name>', `release name (${VARIABLES.name}; default ${DEFAULT_RELEASE.name})`)
    .option(
      '-n, --namespace <namespace>',
      `namespace (${VARIABLES.namespace}; default ${DEFAULT_RELEASE.namespace})`,
    );
}

function addOutputOptions(program: Command): void {
  program
    .option(
      '--environments <dir>',
      'one deployment for each values file of a directory, each in a folder of its own',
    )
    .option('-o, --output <dir>', `directory, or - for standard output (default ${DEFAULT_OUTPUT})`)
    .option(
      '--show-only <kind[/name]>',
      'only these objects, on standard output; repeatable',
      append,
      [],
    )
    .option('--notes', 'write NOTES.md beside the manifests too', false)
    .option('--strict', 'warnings and notes about values are errors', false)
    .option('--allow-unserved', 'also write manifests of what this version does not serve yet');
}

function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
