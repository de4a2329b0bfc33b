import { request } from 'undici';

import type { Endpoint } from './endpoint';
import { LOAD_AGENT, callOf } from './target';

const PATH = '/dids/mock/million/dids';
const CALLS = 20;
/** Calls before anything is measured. */
const WARM_UP = 5;

/**
 * What the first page of a list of a million rows costs: time beside Rucio's own first row, and
 * memory of the server.
 *
 * @returns lines of Markdown
 */
export async function measureLongList(server: Endpoint, rucioUrl: string): Promise<string> {
  const { url, headers, program } = server;
  const call = callOf({
    kind: 'tool',
    url,
    headers,
    revision: '2026-07-28',
    name: 'rucio_list_content',
    args: { did: 'mock:million' },
  });
  for (let left = WARM_UP; left > 0; left -= 1) await call();
  const before = program.memoryBytes();
  const pages: number[] = [];
  const firstRows: number[] = [];
  let most = 0;
  for (let left = CALLS; left > 0; left -= 1) {
    firstRows.push(await timeOf(() => readFirstRow(`${rucioUrl}${PATH}`)));
    pages.push(await timeOf(call));
    most = Math.max(most, program.memoryBytes() ?? 0);
  }
  const growth = before === undefined ? '?' : ((most - before) / 2 ** 20).toFixed(1);
  return [
    '## The first page of a list of a million rows\n',
    `- Rucio's own first row: ${median(firstRows).toFixed(1)} ms`,
    `- the answer of rucio_list_content: ${median(pages).toFixed(1)} ms, at most ` +
      `${Math.max(...pages).toFixed(1)} ms`,
    `- memory of the server grows by at most ${growth} MiB over ${CALLS} such calls`,
  ].join('\n');
}

async function readFirstRow(url: string): Promise<void> {
  const { body } = await request(url, { dispatcher: LOAD_AGENT });
  // Ends the answer, and with it the connection.
  for await (const _chunk of body) break;
}

async function timeOf(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
