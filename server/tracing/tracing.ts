import { AsyncLocalStorage } from 'node:async_hooks';

import type { TracingSettings } from '../../lib/contract/server-document';
import type { Metrics } from '../plugins/metrics';
import type { RucioOperation, RucioOutcome } from '../rucio/operations';

/** What a client says of the trace that its request belongs to; untrusted. */
export interface TraceCarrier {
  /** @see https://www.w3.org/TR/trace-context/#traceparent-header */
  readonly traceparent?: unknown;
}

/** One tool call, as a trace names it: nothing of its arguments, and nothing of who calls. */
export interface TracedCall {
  readonly site: string;
  readonly tool: string;
  readonly carrier: TraceCarrier;
}

/** One request to Rucio: the operation, and never its path, which names accounts and data. */
export interface TracedRequest {
  readonly site: string;
  readonly operation: RucioOperation;
  readonly method: string;
  /** Scheme, host and port. */
  readonly origin: string;
}

export interface CallSpan {
  /** Marks the call as failed, with the code that the model was shown. */
  readonly fail: (code: string) => void;
}

export interface RequestSpan {
  /** To be sent with the request; none unless the operator wants Rucio to know. */
  readonly headers: Readonly<Record<string, string>>;
  readonly end: (outcome: RucioOutcome, status?: number) => void;
}

/** A call that is under way: requests that it makes are part of its trace. */
export interface CallTrace {
  readonly startRequest: (request: TracedRequest) => RequestSpan;
}

export interface Tracing {
  /** Runs a tool call as one span. */
  readonly call: <T>(call: TracedCall, run: (span: CallSpan) => Promise<T>) => Promise<T>;
  /** Sends what is left, within seconds. */
  readonly close: () => Promise<void>;
}

const active = new AsyncLocalStorage<CallTrace>();

/** The traced call that the running code works for; undefined where nothing is traced. */
export function currentCall(): CallTrace | undefined {
  return active.getStore();
}

export function runTraced<T>(trace: CallTrace, run: () => Promise<T>): Promise<T> {
  return active.run(trace, run);
}

const NO_SPAN: CallSpan = { fail: () => undefined };

/** Nothing is traced, and nothing is loaded for it. */
export const NO_TRACING: Tracing = {
  call: (_call, run) => run(NO_SPAN),
  close: () => Promise.resolve(),
};

/** The tracing that a server document asks for; OpenTelemetry is loaded only where it does. */
export async function createTracing(
  settings: TracingSettings | null,
  metrics: Metrics,
): Promise<Tracing> {
  if (settings === null) return NO_TRACING;
  for (const outcome of ['ok', 'error']) metrics.declare('traceExports', { outcome });
  const { createOtlpTracing } = await import('./otlp');
  return createOtlpTracing(settings, {
    onExport: (outcome) => metrics.inc('traceExports', { outcome }),
  });
}
