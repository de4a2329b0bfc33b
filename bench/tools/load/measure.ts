/** What one load run shows. */
export interface Figures {
  readonly calls: number;
  readonly perSecond: number;
  /** Milliseconds of CPU that one call costs the server. */
  readonly cpuMsPerCall: number | undefined;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Load {
  readonly calls: number;
  /** Calls under way at any time. */
  readonly concurrency: number;
  readonly call: () => Promise<void>;
  /** CPU of the server so far, in seconds. */
  readonly cpuSeconds: () => number | undefined;
}

/** Makes calls, so many at once, and measures them. */
export async function measure({ calls, concurrency, call, cpuSeconds }: Load): Promise<Figures> {
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
  const cpuBefore = cpuSeconds();
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - start) / 1000;
  const cpuAfter = cpuSeconds();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    calls,
    perSecond: calls / seconds,
    cpuMsPerCall:
      cpuBefore === undefined || cpuAfter === undefined
        ? undefined
        : ((cpuAfter - cpuBefore) * 1000) / calls,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  };
}
