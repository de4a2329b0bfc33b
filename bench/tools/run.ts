import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { type Endpoint, LOAD_AGENT, callRest, callTool } from './load/endpoint';
import { measure } from './load/measure';
import { startOurServer } from './load/our-server';
import { type Program, startProgram } from './load/process';
import { startPythonServer } from './load/python-server';
import { type Measured, ratios, toTable } from './load/table';

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
const WARM_UP = 50;

/** Calls of one run: enough for a percentile, few enough for a server that makes one at a time. */
function callsOf(delayMs: number, concurrency: number, isSerial: boolean): number {
  if (isSerial) return delayMs === 0 ? 100 : 20 + concurrency;
  return delayMs === 0 ? 1000 : 20 * concurrency;
}

async function startResponder(
  delayMs: number,
): Promise<{ readonly url: string; readonly program: Program }> {
  const tsx = createRequire(import.meta.url).resolve('tsx/cli');
  const file = join(import.meta.dirname, 'load/responder.ts');
  const ready = new EventTarget();
  let port = '';
  const listening = once(ready, 'port');
  const program = startProgram(process.execPath, [tsx, file, String(delayMs)], {
    onLine: (line) => {
      port = line;
      ready.dispatchEvent(new Event('port'));
    },
  });
  await listening;
  return { url: `http://127.0.0.1:${port}`, program };
}

async function measureAll(delayMs: number): Promise<void> {
  const rucio = await startResponder(delayMs);
  const ours = await startOurServer(rucio.url);
  const python = process.argv.includes('--no-python')
    ? undefined
    : await startPythonServer(rucio.url);
  const rows: Measured[] = [];
  try {
    for (const { name, args, rest } of CALLS) {
      const floor = {
        who: 'floor (undici)',
        isSerial: false,
        call: () => callRest(`${rucio.url}${rest}`),
        cpuSeconds: () => undefined,
      };
      const servers = [ours, python].filter((server) => server !== undefined);
      const measured = [floor, ...servers.map((server) => contender(server, name, args))];
      for (const { call } of measured) await warmUp(call, delayMs);
      for (const concurrency of CONCURRENCIES) {
        for (const { who, call, cpuSeconds, isSerial } of measured) {
          const calls = callsOf(delayMs, concurrency, isSerial);
          try {
            const figures = await measure({ calls, concurrency, call, cpuSeconds });
            rows.push({ who, call: name, concurrency, figures });
          } catch (error) {
            // A server that fails under load is a result, too.
            console.log(`- ${who} failed: ${name}, ${concurrency} at once: ${String(error)}`);
          }
        }
      }
    }
    console.log(`\n## A Rucio that answers ${delayMs === 0 ? 'at once' : `after ${delayMs} ms`}\n`);
    console.log(toTable(rows));
    console.log(`\n${ratios(rows, ours.name).join('\n')}`);
    for (const { name, program } of [ours, python].filter((server) => server !== undefined)) {
      const bytes = program.memoryBytes();
      if (bytes !== undefined) console.log(`- memory of ${name}: ${Math.round(bytes / 1e6)} MB`);
    }
  } finally {
    await ours.stop();
    await python?.stop();
    await rucio.program.stop();
  }
}

async function warmUp(call: () => Promise<void>, delayMs: number): Promise<void> {
  for (let left = delayMs === 0 ? WARM_UP : WARM_UP / 10; left > 0; left -= 1) await call();
}

function contender(server: Endpoint, name: string, args: object) {
  return {
    who: server.name,
    isSerial: server.name.startsWith('Python'),
    call: () => callTool(server, name, args),
    cpuSeconds: () => server.program.cpuSeconds(),
  };
}

console.log('# Tools under load');
const only = process.argv.find((word) => word.startsWith('--delay='))?.slice('--delay='.length);
for (const delayMs of DELAYS_MS) {
  if (only === undefined || only === String(delayMs)) await measureAll(delayMs);
}
await LOAD_AGENT.close();
