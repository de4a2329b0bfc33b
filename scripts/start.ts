import { join } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { banner } from './demo/banner';
import { type Demo, startDemo } from './demo/run-demo';

/** What `npm start` runs: see `docs/demo.md`. The build puts it beside the synth command. */
const PROGRAM = join(import.meta.dirname, 'main.js');

interface Options {
  readonly port?: number;
  readonly logs: boolean;
}

function readOptions(): Options {
  return new Command('npm start --')
    .description('Serves an embedded demo Rucio over MCP on this computer.')
    .option('--port <number>', 'port of the MCP endpoint', toPort)
    .option('--logs', "show the server's log", false)
    .allowExcessArguments(false)
    .parse()
    .opts<Options & Record<string, unknown>>();
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
  const options = readOptions();
  const stopped = untilStopped();
  process.stdout.write('\n  Synthesizing the manifests and starting their pod ...\n');
  const demo = await startDemo({
    program: PROGRAM,
    port: options.port,
    onOutput: options.logs ? (text) => process.stderr.write(text) : undefined,
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
