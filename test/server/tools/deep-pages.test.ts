import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { longList } from '../../support/fault-server';
import { type RucioOnFaultServer, rucioOnFaultServer } from '../../support/rucio-on-fault-server';

const ROWS = 1_000_000;
const PIECE = 100;
/** Of old objects, in MiB: a tenth of what so many rows would take. */
const HEAP = 64;

interface Answer {
  readonly rows: unknown[][];
  readonly total: number | string;
  readonly next_offset: number | null;
  readonly maxRssKiB: number;
}

let rucio: RucioOnFaultServer;
let directory: string;

beforeEach(async () => {
  rucio = await rucioOnFaultServer();
  directory = await mkdtemp(join(tmpdir(), 'deep-pages-'));
});
afterEach(async () => {
  await rucio.close();
  await rm(directory, { recursive: true });
});

/** Runs the calls in a process whose heap is too small for the list. */
async function pagesOf(calls: readonly object[]): Promise<Answer[]> {
  const program = join(directory, 'child.mjs');
  await build({
    entryPoints: [join(__dirname, 'deep-pages.child.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'silent',
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  const task = {
    url: rucio.server.url,
    usernameFile: join(rucio.directory, 'username'),
    passwordFile: join(rucio.directory, 'password'),
    calls,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${HEAP}`,
    program,
    JSON.stringify(task),
  ]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

test('a page at the end of a million rows takes no more memory than one at its beginning', async () => {
  const row = (index: number) => ({
    scope: 'mock',
    name: `file.${String(index).padStart(7, '0')}.${'x'.repeat(60)}`,
    type: 'FILE',
    bytes: index,
  });
  // Several rows a piece, as they come from Rucio; each request has a list of its own.
  const piece = (index: number) =>
    Array.from({ length: PIECE }, (_, at) => JSON.stringify(row(index * PIECE + at))).join('\n');
  rucio.server.on('GET /dids/mock/ds/dids', (exchange) => {
    let pieces = 0;
    return longList(() => piece((pieces += 1) - 1), ROWS / PIECE).behaviour(exchange);
  });
  const did = 'mock:ds';
  const [first, deep] = await pagesOf([
    { did, limit: 1000, offset: 20_000 },
    { did, limit: 10, offset: ROWS - 20 },
  ]);
  expect(first).toMatchObject({ total: '10000+', next_offset: 20_000 + (first?.rows.length ?? 0) });
  expect(deep?.rows.map(([, , bytes]) => bytes)).toEqual(
    Array.from({ length: 10 }, (_, index) => ROWS - 20 + index),
  );
  expect(deep).toMatchObject({ total: '10000+', next_offset: ROWS - 10 });
  // Fifty times as many rows; what grows is only what Node's collector has not yet taken back.
  const grownKiB = (deep?.maxRssKiB ?? Infinity) - (first?.maxRssKiB ?? 0);
  expect(grownKiB).toBeLessThan(40 * 1024);
}, 180_000);
