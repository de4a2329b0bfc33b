import { join } from 'node:path';

import { Command, InvalidArgumentError, Option } from 'commander';

import { banner } from './demo/banner';
import type { DemoLogin } from './demo/demo-values';
import { type Demo, startDemo } from './demo/run-demo';

/** What `npm start` runs: see `docs/demo.md`. The build puts it beside the programs. */
const PROGRAM = join(import.meta.dirname, 'main.js');
const PROVIDER = join(import.meta.dirname, 'identity-provider.mjs');

interface Options {
  readonly port?: number;
  readonly logs: boolean;
  readonly login: DemoLogin | undefined;
}

function readOptions(): Options {
  const command = new Command('npm start --')
    .description('Serves an embedded demo Rucio over MCP on this computer.')
    .option('--port <number>', 'port of the MCP endpoint', toPort)
    .option('--logs', "show the server's log", false)
    .option('--oidc', 'every user signs in, at an embedded identity provider', false)
    .addOption(
      new Option('--login <how>', 'with --oidc: wait for the sign-in, or paste its code').choices([
        'poll',
        'code',
      ]),
    )
    .allowExcessArguments(false)
    .showHelpAfterError('(npm start -- --help lists what there is)')
    .parse();
  const { oidc, login, ...options } = command.opts<
    Omit<Options, 'login'> & { readonly oidc: boolean; readonly login?: DemoLogin }
  >();
  if (login !== undefined && !oidc) {
    command.error('error: --login says how users sign in; add --oidc, or leave --login out');
  }
  return { ...options, login: oidc ? (login ?? 'poll') : undefined };
}

function toPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('write a number from 1 to 65535');
  return port;
}

/** Settles at the first signal that asks to stop; later ones change nothing. */
function untilStopped(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => resolve(undefined));
    }
  });
}

/** @returns the exit code */
async function run(): Promise<number> {
  const { logs, ...options } = readOptions();
  const stopped = untilStopped();
  process.stdout.write('\n  Synthesizing the manifests and starting their pod ...\n');
  const demo = await startDemo({
    ...options,
    program: PROGRAM,
    provider: PROVIDER,
    onOutput: logs ? (text) => process.stderr.write(text) : undefined,
  });
  // If all else fails, the pod does not outlive us.
  process.on('exit', () => demo.pod.signal('SIGKILL'));
  process.stdout.write(banner(demo.addresses));
  const exit = await Promise.race([stopped, demo.pod.exited]);
  if (exit === undefined) return stop(demo);
  await demo.close();
  const { code, signal } = exit;
  const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with code ${code}`;
  process.stderr.write(`\n  The pod ${how}. Its output:\n\n${demo.pod.output}\n`);
  return 1;
}

async function stop(demo: Demo): Promise<number> {
  process.stdout.write('\n  Stopping ...\n');
  await demo.close();
  process.stdout.write('  Stopped.\n');
  return 0;
}

run().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
