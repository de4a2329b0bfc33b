import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

import type { Endpoint } from './load/endpoint';
import { type LoadClient, startLoadClient } from './load/load-client';
import { measureLongList } from './load/long-list';
import { startOurServer } from './load/our-server';
import type { Program } from './load/process';
import { startPythonServer } from './load/python-server';
import { startResponder } from './load/start-responder';
import { FLOOR, type Measured, ratios, toTable } from './load/table';
import { LOAD_AGENT, type Target } from './load/target';

/** What is called, and the REST call behind it. */
const CALLS = [
  {
    name: 'rucio_get_did',
    args: { did: 'mock:ds' },
    rest: '/dids/mock/ds/status?dynamic_depth=FILE',
  },
  {
    name: 'rucio_list_dids',
    args: { did_pattern: 'mock:*DAOD*', did_type: 'dataset' },
    rest: '/dids/mock/dids/search?type=dataset&long=True&name=*DAOD*',
  },
] as const;

const CONCURRENCIES = [1, 16, 64] as const;
const DELAYS_MS = [0, 100] as const;

/** Somebody who is measured. */
interface Contender {
  readonly who: string;
  readonly target: Target;
  readonly program: Program | undefined;
  /** Whether it makes one call at a time, so that few have to be enough. */
  readonly isSerial: boolean;
}

/** Calls of one run: enough for a percentile, few enough for a server that makes one at a time. */
function callsOf(delayMs: number, concurrency: number, isSerial: boolean): number {
  if (isSerial) return delayMs === 0 ? 200 : 20 + concurrency;
  return delayMs === 0 ? 3000 : 40 * concurrency;
}

/** Calls before anything is measured: a pod in use has its code compiled. */
function warmUpOf(delayMs: number, isSerial: boolean): number {
  if (isSerial) return delayMs === 0 ? 100 : 20;
  return delayMs === 0 ? 3000 : 2000;
}

async function measureAll(delayMs: number, client: LoadClient): Promise<void> {
  const rucio = await startResponder(delayMs);
  const ours = await startOurServer(rucio.url, {
    profileDirectory: option('cpu-prof'),
    node: option('node'),
  });
  const python = process.argv.includes('--no-python')
    ? undefined
    : await startPythonServer(rucio.url);
  const servers = [ours, python].filter((server) => server !== undefined);
  const rows: Measured[] = [];
  const only = option('call');
  const wanted = CALLS.filter(({ name }) => only === undefined || only === name);
  try {
    const atStart = servers.map(({ program }) => program.memoryBytes());
    for (const { name, args, rest } of wanted) {
      const contenders: Contender[] = [
        {
          who: FLOOR,
          target: { kind: 'rest', url: `${rucio.url}${rest}` },
          program: undefined,
          isSerial: false,
        },
        ...servers.flatMap((server) => contendersOf(server, name, args)),
      ];
      rows.push(...(await measureCall(name, contenders, delayMs, client)));
    }
    console.log(`\n## A Rucio that answers ${delayMs === 0 ? 'at once' : `after ${delayMs} ms`}\n`);
    console.log(toTable(rows));
    const own = ours.revisions.map((revision) => whoIs(ours, revision));
    console.log(`\n${ratios(rows, own).join('\n')}`);
    for (const [index, { name, program }] of servers.entries()) {
      const [before, after] = [atStart[index], program.memoryBytes()].map(inMegabytes);
      console.log(`- memory of ${name}: ${before} MB at start, ${after} MB after the load`);
    }
    if (delayMs === 0 && only === undefined)
      console.log(`\n${await measureLongList(ours, rucio.url)}`);
  } finally {
    await ours.stop();
    await python?.stop();
    await rucio.program.stop();
  }
}

async function measureCall(
  call: string,
  contenders: readonly Contender[],
  delayMs: number,
  client: LoadClient,
): Promise<Measured[]> {
  for (const { target, isSerial } of contenders) {
    const concurrency = isSerial ? 1 : 64;
    await client.run({ target, calls: warmUpOf(delayMs, isSerial), concurrency });
  }
  const rows: Measured[] = [];
  for (const concurrency of CONCURRENCIES) {
    for (const { who, target, program, isSerial } of contenders) {
      const calls = callsOf(delayMs, concurrency, isSerial);
      try {
        const before = program?.cpuSeconds();
        const run = await client.run({ target, calls, concurrency });
        const after = program?.cpuSeconds();
        const serverCpuMs =
          before === undefined || after === undefined
            ? undefined
            : ((after - before) * 1000) / calls;
        rows.push({ who, call, concurrency, run, serverCpuMs });
      } catch (error) {
        // A server that fails under load is a result, too.
        console.log(`- ${who} failed: ${call}, ${concurrency} at once: ${String(error)}`);
      }
    }
  }
  return rows;
}

function contendersOf(server: Endpoint, name: string, args: object): Contender[] {
  const { url, headers, revisions, program } = server;
  return revisions.map((revision) => ({
    who: whoIs(server, revision),
    target: { kind: 'tool', url, headers, revision, name, args },
    program,
    isSerial: server.name.startsWith('Python'),
  }));
}

function whoIs({ name }: Endpoint, revision: string): string {
  return `${name}, ${revision}`;
}

function inMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? '?' : String(Math.round(bytes / 1e6));
}

function option(name: string): string | undefined {
  return process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** Of the Node that our server runs on. */
function nodeVersion(): string {
  const node = option('node');
  return node === undefined
    ? process.version
    : execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
}

console.log('# Tools under load\n');
console.log(`Node ${nodeVersion()}, ${cpus().length} x ${cpus()[0]?.model ?? 'CPU'}`);
const client = startLoadClient();
for (const delayMs of DELAYS_MS) {
  if ([undefined, String(delayMs)].includes(option('delay'))) await measureAll(delayMs, client);
}
await client.stop();
await LOAD_AGENT.close();
