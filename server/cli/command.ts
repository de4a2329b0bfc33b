import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import { LOG_LEVELS, type LogLevel, ToolSelection } from '../../lib/contract/server-document';
import { SITE_PRESET_NAMES } from '../../lib/contract/sites';
import { TOOLSETS, type Toolset } from '../../lib/contract/toolsets';
import { VERSION } from '../../lib/contract/version';
import { serveOverStdio } from '../stdio/serve-stdio';
import { type DoctorOptions, OUTPUTS, diagnose } from './diagnose';
import { LOCAL_VARIABLES, readLocalEnvironment } from './environment';
import { LOCAL_AUTH_TYPES, type LocalOptions, localSettings } from './local-settings';

export interface CommandDeps {
  readonly argv: readonly string[];
  /** @default - that of the process */
  readonly env?: NodeJS.ProcessEnv;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

interface ServeOptions extends LocalOptions {
  readonly transport: string;
  readonly readOnly?: boolean;
  readonly toolsets: readonly Toolset[];
  readonly logLevel: LogLevel;
}

/**
 * The command `rucio-mcp`. What is wrong goes to standard error.
 *
 * @returns the exit code: 0, or 1 on any problem
 */
export async function runCommand(deps: CommandDeps): Promise<number> {
  let code = 0;
  const program = new Command('rucio-mcp')
    .description('Rucio for assistants: an MCP server for local use.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: deps.stdout, writeErr: deps.stderr });
  addLocalOptions(program.command('serve'))
    .description('Serves MCP to the program that starts it, as the user of this computer.')
    .option('--transport <transport>', 'stdio; HTTP is served by the pod', 'stdio')
    .option('--read-only', 'offer no tool that changes anything')
    .option('--toolsets <names>', `tools to list: ${TOOLSETS.join(', ')}`, parseToolsets, ['all'])
    .addOption(
      new Option('--log-level <level>', 'how much to say on standard error')
        .choices(LOG_LEVELS)
        .default('warning'),
    )
    .action(async (options: ServeOptions) => {
      await serve(options, deps);
    });
  addLocalOptions(program.command('doctor'))
    .description('Checks configuration, DNS, TLS, clock, Rucio and credentials; or a cluster.')
    .option('--timeout <seconds>', 'longest wait for one answer', parseSeconds, 10)
    .addOption(new Option('--output <form>', 'of the findings').choices(OUTPUTS).default('text'))
    .option('--cluster', 'check a deployment in a cluster instead, by kubectl')
    .option('-n, --namespace <name>', 'with --cluster: its namespace (default: that of kubectl)')
    .option('--context <name>', 'with --cluster: a context of the kubeconfig')
    .option('--name <name>', 'with --cluster: the Deployment, where there are several')
    .option('--bearer-file <file>', 'with --cluster: a bearer, to see a stream with')
    .action(async (options: DoctorOptions) => {
      code = await diagnose(options, deps);
    });
  try {
    await program.parseAsync([...deps.argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    deps.stderr(`rucio-mcp: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function addLocalOptions(command: Command): Command {
  return command
    .option('--site <name>', `a known site (${SITE_PRESET_NAMES.join(', ')}), or a name for yours`)
    .option('--rucio-cfg <file>', `Rucio's configuration (${LOCAL_VARIABLES.config})`)
    .option('--account <name>', `the Rucio account (${LOCAL_VARIABLES.account})`)
    .addOption(
      new Option('--auth-type <type>', `how to sign in (${LOCAL_VARIABLES.authType})`).choices(
        LOCAL_AUTH_TYPES,
      ),
    )
    .allowExcessArguments(false);
}

function parseToolsets(text: string): readonly Toolset[] {
  return text.split(',').map((word) => {
    const found = TOOLSETS.find((toolset) => toolset === word.trim());
    if (found === undefined) {
      throw new InvalidArgumentError(`${word.trim()} is none of ${TOOLSETS.join(', ')}.`);
    }
    return found;
  });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 600) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds, at most 600.');
}

async function serve(options: ServeOptions, { env }: CommandDeps): Promise<void> {
  if (options.transport !== 'stdio') {
    throw new Error(
      `--transport ${options.transport} is not served here; HTTP is served by the pod that rucio-mcp-synth describes`,
    );
  }
  await serveOverStdio({
    settings: localSettings(options, readLocalEnvironment(env)),
    readOnly: options.readOnly ?? false,
    tools: ToolSelection.parse({ toolsets: options.toolsets }),
    logLevel: options.logLevel,
  });
}
