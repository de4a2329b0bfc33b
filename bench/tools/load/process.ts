import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Ticks of `/proc/<pid>/stat` in a second; Linux has 100 everywhere. */
const TICKS = 100;

/** A program that runs beside the load, and what it costs. */
export interface Program {
  readonly pid: number;
  hasEnded(): boolean;
  /** Seconds of CPU so far; undefined where the system does not tell. */
  cpuSeconds(): number | undefined;
  /** Memory in bytes; undefined where the system does not tell. */
  memoryBytes(): number | undefined;
  /** Most memory since the start, in bytes; undefined where the system does not tell. */
  peakMemoryBytes(): number | undefined;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line of standard output. */
  readonly onLine?: (line: string) => void;
}

/** Starts a program; its errors go to our own. */
export function startProgram(
  command: string,
  args: readonly string[],
  { env = process.env, onLine }: StartOptions = {},
): Program {
  const quiet = process.env['BENCH_VERBOSE'] === '1' ? 'inherit' : 'ignore';
  const child: ChildProcess = spawn(command, [...args], {
    env,
    // Nobody pays for reading lines that nobody wants.
    stdio: ['ignore', onLine === undefined ? quiet : 'pipe', quiet],
  });
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      hasEnded = true;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => onLine?.(line));
  }
  const pid = child.pid ?? -1;
  return {
    pid,
    hasEnded: () => hasEnded,
    cpuSeconds: () => {
      const fields = read(`/proc/${pid}/stat`)
        ?.replace(/^.*\) /, '')
        .split(' ');
      return fields === undefined ? undefined : (Number(fields[11]) + Number(fields[12])) / TICKS;
    },
    memoryBytes: () => memory(pid, 'VmRSS'),
    peakMemoryBytes: () => memory(pid, 'VmHWM'),
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function memory(pid: number, field: string): number | undefined {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(read(`/proc/${pid}/status`) ?? '');
  return line?.[1] === undefined ? undefined : Number(line[1]) * 1024;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
