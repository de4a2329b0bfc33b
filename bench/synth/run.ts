import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** One command whose run is measured. */
interface Contender {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
}

const root = join(import.meta.dirname, '../..');
const { values: options } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    /** A Helm chart to compare with; needs helm on the PATH. */
    chart: { type: 'string' },
    values: { type: 'string', default: join(root, 'examples/shared-secret-userpass.yaml') },
  },
});
const command = join(root, 'dist/main.js');
if (!existsSync(command)) throw new Error('dist/main.js is missing: run "npm run build" first');

const contenders: Contender[] = [
  { name: 'node -e 0', file: process.execPath, args: ['-e', '0'] },
  {
    name: 'node dist/main.js',
    file: process.execPath,
    args: [command, '-f', options.values, '--output', '-'],
  },
];
if (options.chart !== undefined && spawnSync('helm', ['version']).status === 0) {
  const args = ['template', 'rucio-mcp', options.chart, '-f', options.values];
  contenders.push({ name: 'helm template', file: 'helm', args });
}

/** Milliseconds of one run, from start to exit. */
function measure({ file, args }: Contender): number {
  const start = process.hrtime.bigint();
  execFileSync(file, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const runs = Number(options.runs);
const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
// In turns, so that what else the machine does meets all of them alike; two runs to warm up.
for (let run = -2; run < runs; run += 1) {
  for (const contender of contenders) {
    const time = measure(contender);
    if (run >= 0) times.get(contender.name)?.push(time);
  }
}

const median = (list: readonly number[]) =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
const bare = median(times.get('node -e 0') ?? []);
console.log('| command | median | least | times bare node |');
console.log('|---|---|---|---|');
for (const [name, list] of times) {
  const middle = median(list);
  const cells = [name, `${middle.toFixed(0)} ms`, `${Math.min(...list).toFixed(0)} ms`];
  console.log(`| ${[...cells, (middle / bare).toFixed(1)].join(' | ')} |`);
}
