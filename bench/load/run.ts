import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

import { type Program, startProgram } from '../tools/load/process';
import type { UsersJob, UsersResult } from './job';
import { type Run, toTable } from './report';
import { watch } from './sampler';
import { type LoadedServer, type Mode, startServer } from './server';
import { signIn } from './sign-in';
import { STUB_TOKEN } from './stub-token';

const TSX = createRequire(import.meta.url).resolve('tsx/cli');
const file = (name: string) => join(import.meta.dirname, name);

const { values: options } = parseArgs({
  options: {
    /** Minutes of one long run in each mode, instead of the short ones. */
    soak: { type: 'string' },
    users: { type: 'string', default: '200' },
    /** Of one short run. */
    seconds: { type: 'string', default: '40' },
    /** What Rucio takes for each answer, in milliseconds. */
    delay: { type: 'string', default: '100' },
    /** Between two calls of one user, in milliseconds; the short runs have one without a pause, too. */
    pause: { type: 'string', default: '1000' },
    mode: { type: 'string', multiple: true, default: ['oidc', 'sharedSecret'] },
  },
});
const users = Number(options.users);
const pauseMs = Number(options.pause);

async function startRucio(): Promise<{ readonly url: string; readonly program: Program }> {
  let program: Program | undefined;
  const port = await new Promise<string>((onLine) => {
    program = startProgram(process.execPath, [TSX, file('stub-rucio.ts'), options.delay], {
      onLine,
    });
  });
  if (program === undefined) throw new TypeError('not started');
  return { url: `https://127.0.0.1:${port}`, program };
}

/** @throws {Error} when the process of the users fails */
async function runUsers(job: UsersJob): Promise<UsersResult> {
  const child = spawn(process.execPath, [TSX, file('users.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(job));
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const result = JSON.parse(printed) as UsersResult;
  for (const [problem, times] of Object.entries(result.failures)) {
    console.error(`${times} x ${problem}`);
  }
  return result;
}

const GC_SECONDS = 'nodejs_gc_duration_seconds_sum';

async function measure(
  mode: Mode,
  server: LoadedServer,
  job: Omit<UsersJob, 'target' | 'url'>,
): Promise<Run> {
  const gcBefore = await server.metric(GC_SECONDS);
  const watched = watch(server.pid);
  const result = await runUsers({ ...job, target: 'server', url: server.endpoint });
  const usage = watched.stop();
  const gcSeconds = (await server.metric(GC_SECONDS)) - gcBefore;
  return { who: mode, load: loadOf(job), result, usage, gcSeconds };
}

const loadOf = ({ tokens, pauseMs }: Pick<UsersJob, 'tokens' | 'pauseMs'>) =>
  `${tokens.length} users, ${pauseMs === 0 ? 'no pause' : `pause ${pauseMs} ms`}`;

/** How long each run lasts, and what its users do between two calls. */
function plan(): { readonly seconds: number; readonly pauseMs: number }[] {
  if (options.soak !== undefined) return [{ seconds: Number(options.soak) * 60, pauseMs }];
  const seconds = Number(options.seconds);
  return [0, pauseMs].map((pauseMs) => ({ seconds, pauseMs }));
}

async function measureMode(mode: Mode, rucioUrl: string): Promise<Run[]> {
  const server = await startServer(mode, rucioUrl);
  try {
    const { cgroup } = server;
    const tokens =
      mode === 'oidc'
        ? await signIn(server.endpoint, users)
        : Array.from({ length: users }, () => server.bearer);
    // What is compiled on first use belongs to no run.
    await runUsers({ target: 'server', url: server.endpoint, tokens, seconds: 3, pauseMs: 0 });
    const runs: Run[] = [];
    for (const job of plan()) runs.push(await measure(mode, server, { ...job, tokens }));
    const used = (await server.metric('nodejs_heap_size_used_bytes')) / 1024 / 1024;
    console.log(
      `- ${mode}: ${cgroup?.told ?? 'no limits'}; peak of the control group ` +
        `${Math.round((cgroup?.peakBytes() ?? 0) / 1024 / 1024)} MiB, throttled ` +
        `${(cgroup?.throttledSeconds() ?? 0).toFixed(1)} s, heap in use ${Math.round(used)} MiB`,
    );
    return runs;
  } finally {
    await server.stop();
  }
}

/** The same users at Rucio itself: what no server can undercut. */
async function measureFloor(url: string): Promise<Run[]> {
  const tokens = Array.from({ length: users }, () => STUB_TOKEN);
  const runs: Run[] = [];
  for (const job of plan()) {
    const result = await runUsers({ ...job, tokens, target: 'rucio', url });
    const load = loadOf({ ...job, tokens });
    runs.push({ who: 'floor (undici)', load, result, usage: undefined, gcSeconds: undefined });
  }
  return runs;
}

console.log(
  `# Load\n\nNode ${process.version}, Linux ${release()}, ${cpus().length} x ${cpus()[0]?.model ?? '?'}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB; Rucio answers after ${options.delay} ms\n`,
);
const rucio = await startRucio();
const runs: Run[] = [];
try {
  for (const mode of options.mode) runs.push(...(await measureMode(mode as Mode, rucio.url)));
  if (options.soak === undefined) runs.push(...(await measureFloor(rucio.url)));
} finally {
  await rucio.program.stop();
}
console.log(`\n${toTable(runs)}`);
if (runs.some(({ result }) => result.errors > 0)) process.exitCode = 1;
