import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a container may use. */
export interface Limits {
  readonly memoryBytes: number;
  /** In cores. */
  readonly cpus: number;
}

/** A control group as the kubelet makes one for a container. */
export interface Cgroup {
  /** Starts a program inside, see `StartPodOptions.launcher`. */
  readonly launcher: readonly string[];
  /** What is enforced, for people. */
  readonly told: string;
  /** Most memory that was in use, the file cache included, in bytes. */
  peakBytes(): number | undefined;
  /** Seconds in which programs had to wait because the CPU limit was reached. */
  throttledSeconds(): number | undefined;
  /** Only when nothing runs in it any more. */
  remove(): void;
}

const ROOT = '/sys/fs/cgroup';
const PERIOD_US = 100_000;

/** Inherited by all that it starts; Node reads its limit of memory when it starts. */
const enter = (directories: readonly string[]) => [
  '/bin/sh',
  '-c',
  `${directories.map((directory) => `echo $$ > ${directory}/cgroup.procs`).join(' && ')} && exec "$@"`,
  'sh',
];

/**
 * Needs root and a system with control groups, of either version.
 *
 * @throws {Error} that says why there can be none
 */
export function createCgroup({ memoryBytes, cpus }: Limits): Cgroup {
  const name = `rucio-mcp-bench-${process.pid}`;
  const isV2 = existsSync(join(ROOT, 'cgroup.controllers'));
  const directories = isV2
    ? [join(ROOT, name)]
    : ['memory', 'cpu'].map((controller) => join(ROOT, controller, name));
  const [memory = '', cpu = memory] = directories;
  for (const directory of directories) mkdirSync(directory);
  const quota = Math.round(cpus * PERIOD_US);
  try {
    if (isV2) {
      writeFileSync(join(memory, 'memory.max'), String(memoryBytes));
      writeFileSync(join(cpu, 'cpu.max'), `${quota} ${PERIOD_US}`);
    } else {
      writeFileSync(join(memory, 'memory.limit_in_bytes'), String(memoryBytes));
      writeFileSync(join(cpu, 'cpu.cfs_period_us'), String(PERIOD_US));
      writeFileSync(join(cpu, 'cpu.cfs_quota_us'), String(quota));
    }
  } catch (error) {
    for (const directory of directories) rmdirSync(directory);
    throw error;
  }
  return {
    launcher: enter(directories),
    told: `cgroup v${isV2 ? 2 : 1}: ${Math.round(memoryBytes / 1024 / 1024)} MiB, ${cpus} CPU`,
    peakBytes: () =>
      toNumber(readFile(join(memory, isV2 ? 'memory.peak' : 'memory.max_usage_in_bytes'))),
    throttledSeconds: () => {
      const text = readFile(join(cpu, 'cpu.stat')) ?? '';
      const [, unit, value] = /^throttled_(usec|time) (\d+)$/m.exec(text) ?? [];
      return value === undefined ? undefined : Number(value) / (unit === 'usec' ? 1e6 : 1e9);
    },
    remove: () => {
      for (const directory of directories) rmdirSync(directory);
    },
  };
}

function readFile(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function toNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
