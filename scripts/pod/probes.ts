import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Probe } from './pod-spec';

/** Where the kubelet would send a pod's probes. */
export interface ProbeTarget {
  readonly host: string;
  /** @throws {PodError} when there is no port of that name */
  port(nameOrNumber: string | number): number;
}

/**
 * Probes until `successThreshold` answers in a row were good, or `failureThreshold` were bad.
 *
 * @param tolerateFailures - readiness: the pod waits on, however long it takes
 * @returns `undefined` after success, else what the last probe saw
 * @throws the signal's reason when it aborts
 */
export async function probeUntilDecided(
  probe: Probe,
  target: ProbeTarget,
  signal: AbortSignal,
  tolerateFailures: boolean,
): Promise<string | undefined> {
  await pause(probe.initialDelaySeconds, signal);
  let failures = 0;
  for (let successes = 0; successes < probe.successThreshold;) {
    const problem = await probeOnce(probe, target, signal);
    if (problem === undefined) {
      failures = 0;
      successes++;
    } else {
      successes = 0;
      failures++;
      if (!tolerateFailures && failures >= probe.failureThreshold) return problem;
    }
    if (successes < probe.successThreshold) {
      await pause(probe.periodSeconds, signal);
    }
  }
  return undefined;
}

/**
 * Probes for ever and returns only when `failureThreshold` probes in a row were bad.
 *
 * @throws the signal's reason when it aborts
 */
export async function probeUntilFailure(
  probe: Probe,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<string> {
  await pause(probe.initialDelaySeconds, signal);
  for (let failures = 0; ;) {
    const problem = await probeOnce(probe, target, signal);
    failures = problem === undefined ? 0 : failures + 1;
    if (problem !== undefined && failures >= probe.failureThreshold) return problem;
    await pause(probe.periodSeconds, signal);
  }
}

/** @throws the signal's own reason, which tells more than the timer's AbortError */
async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** One request, as the kubelet sends it; 200-399 is good. Returns what is wrong, if anything. */
async function probeOnce(
  { httpGet, timeoutSeconds }: Probe,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<string | undefined> {
  const where = `${httpGet.path} on port ${httpGet.port}`;
  const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const status = await getStatus(httpGet, target, AbortSignal.any([signal, deadline]));
    return status >= 200 && status < 400 ? undefined : `${where} answered ${status}`;
  } catch (error) {
    signal.throwIfAborted();
    return deadline.aborted
      ? `${where} did not answer within ${timeoutSeconds} s`
      : `${where}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function getStatus(
  { path, port, httpHeaders }: Probe['httpGet'],
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<number> {
  const headers = Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value]));
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: target.host,
        port: target.port(port),
        path,
        agent: false,
        headers: { 'user-agent': 'kube-probe/1.34', accept: '*/*', ...headers },
        signal,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    call.on('error', reject);
    call.end();
  });
}
