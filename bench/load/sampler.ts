import { readFileSync, readdirSync } from 'node:fs';

/** Ticks of `/proc/<pid>/stat` in a second; Linux has 100 everywhere. */
const TICKS = 100;
const EVERY_MS = 1000;

interface Sample {
  /** Since the start of the sampling. */
  readonly seconds: number;
  readonly rssBytes: number;
  readonly fds: number;
}

/** What a process used while it was watched. */
export interface Usage {
  readonly cpuSeconds: number;
  /** How long its main thread could have run and was not given a CPU: how busy the machine was. */
  readonly waitSeconds: number;
  readonly rssStart: number;
  readonly rssEnd: number;
  readonly rssMax: number;
  /** Of the later two thirds, in bytes an hour; undefined for fewer than ten samples. */
  readonly slopePerHour: number | undefined;
  readonly fdsMax: number;
}

/** Watches a process by `/proc`, from outside: the process pays nothing for it. */
export function watch(pid: number): { stop(): Usage } {
  const samples: Sample[] = [];
  const start = performance.now();
  const cpuBefore = cpuSeconds(pid);
  const waitBefore = waitSeconds(pid);
  const look = () => {
    samples.push({
      seconds: (performance.now() - start) / 1000,
      rssBytes: rssBytes(pid),
      fds: readdirSync(`/proc/${pid}/fd`).length,
    });
  };
  look();
  const timer = setInterval(look, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      const rss = samples.map((sample) => sample.rssBytes);
      return {
        cpuSeconds: cpuSeconds(pid) - cpuBefore,
        waitSeconds: waitSeconds(pid) - waitBefore,
        rssStart: rss[0] ?? 0,
        rssEnd: rss.at(-1) ?? 0,
        rssMax: Math.max(...rss),
        slopePerHour: slopePerHour(samples.slice(Math.floor(samples.length / 3))),
        fdsMax: Math.max(...samples.map(({ fds }) => fds)),
      };
    },
  };
}

/** By the method of least squares. */
function slopePerHour(samples: readonly Sample[]): number | undefined {
  if (samples.length < 10) return undefined;
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [
    mean(samples.map(({ seconds }) => seconds)),
    mean(samples.map(({ rssBytes: bytes }) => bytes)),
  ];
  let [above, below] = [0, 0];
  for (const { seconds, rssBytes: bytes } of samples) {
    above += (seconds - meanX) * (bytes - meanY);
    below += (seconds - meanX) ** 2;
  }
  return (above / below) * 3600;
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function waitSeconds(pid: number): number {
  const [, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
  return Number(waited) / 1e9;
}

function rssBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib ?? 0) * 1024;
}
