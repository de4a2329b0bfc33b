import { type Target, callOf } from './target';

/** What a load client is to do. */
export interface Job {
  readonly target: Target;
  readonly calls: number;
  /** Calls under way at any time. */
  readonly concurrency: number;
}

/** What one load run shows; latencies in milliseconds. */
export interface Run {
  readonly calls: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Milliseconds of CPU that one call costs the load client itself. */
  readonly clientCpuMs: number;
}

/** Makes calls, so many at once, and measures them. */
export async function runJob({ target, calls, concurrency }: Job): Promise<Run> {
  const call = callOf(target);
  const latencies: number[] = [];
  let left = calls;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const start = performance.now();
      await call();
      latencies.push(performance.now() - start);
    }
  };
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    calls,
    perSecond: calls / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    clientCpuMs: (user + system) / 1000 / calls,
  };
}
