import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { ExportResultCode, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { randomUUID } from 'node:crypto';

import type { TracingSettings } from '../../lib/contract/server-document';
import { APP_NAME } from '../../lib/contract/release';
import { VERSION } from '../../lib/contract/version';
import {
  type CallSpan,
  type CallTrace,
  type RequestSpan,
  type TraceCarrier,
  type TracedCall,
  type TracedRequest,
  type Tracing,
  runTraced,
} from './tracing';

/** Longest time of one delivery to the collector with its repetitions, and of the last one at a stop. */
const EXPORT_MS = 5000;

export interface OtlpDeps {
  /** Told for every batch. */
  readonly onExport: (outcome: 'ok' | 'error') => void;
}

/**
 * Traces that are sent to an OTLP/HTTP collector. Batches wait in memory, at most 2048 spans; what does
 * not fit, or can not be delivered, is dropped: no call ever waits for a collector.
 *
 * Spans and attributes are named as OpenTelemetry's conventions for MCP and HTTP clients have it.
 *
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/
 */
export function createOtlpTracing(
  { endpoint, sampleRatio, propagate }: TracingSettings,
  { onExport }: OtlpDeps,
): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_MS,
  });
  const ratio = new TraceIdRatioBasedSampler(sampleRatio);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': APP_NAME,
      'service.version': VERSION,
      'service.instance.id': randomUUID(),
    }),
    sampler: new ParentBasedSampler({ root: ratio, remoteParentSampled: shareOf(sampleRatio) }),
    spanProcessors: [
      new BatchSpanProcessor(counted(exporter, onExport), { exportTimeoutMillis: EXPORT_MS }),
    ],
  });
  const tracer = provider.getTracer(APP_NAME, VERSION);
  return {
    call: (call, run) => traceCall(tracer, call, propagate, run),
    // That the last batch was not taken is counted, and no reason to end badly.
    close: () => provider.shutdown().catch(() => undefined),
  };
}

/**
 * A client that asks for every call to be traced gets no more than the operator's share. Its trace id
 * must not decide about that, since it chooses it.
 */
function shareOf(sampleRatio: number): Sampler {
  return {
    shouldSample: () => ({
      decision:
        Math.random() < sampleRatio
          ? SamplingDecision.RECORD_AND_SAMPLED
          : SamplingDecision.NOT_RECORD,
    }),
    toString: () => `Share{${sampleRatio}}`,
  };
}

async function traceCall<T>(
  tracer: Tracer,
  { site, tool, carrier }: TracedCall,
  propagate: boolean,
  run: (span: CallSpan) => Promise<T>,
): Promise<T> {
  const parent = contextOf(carrier);
  const attributes: Attributes = {
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': tool,
    'rucio.site': site,
  };
  const span = tracer.startSpan(
    `tools/call ${tool}`,
    { kind: SpanKind.SERVER, attributes },
    parent,
  );
  const context = trace.setSpan(parent, span);
  const requests: CallTrace = {
    startRequest: (request) => startRequest(tracer, request, context, propagate),
  };
  try {
    return await runTraced(requests, () => run({ fail: (code) => failed(span, code) }));
  } finally {
    span.end();
  }
}

function startRequest(
  tracer: Tracer,
  { site, operation, method, origin }: TracedRequest,
  context: Context,
  propagate: boolean,
): RequestSpan {
  const { hostname, port, protocol } = new URL(origin);
  const attributes: Attributes = {
    'http.request.method': method,
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    'rucio.operation': operation,
    'rucio.site': site,
  };
  const span = tracer.startSpan(
    `${method} ${operation}`,
    { kind: SpanKind.CLIENT, attributes },
    context,
  );
  return {
    headers: propagate ? { traceparent: traceparentOf(span) } : {},
    end: (outcome, status) => {
      if (status !== undefined) span.setAttribute('http.response.status_code', status);
      if (outcome !== 'ok') failed(span, outcome);
      span.end();
    },
  };
}

function failed(span: Span, reason: string): void {
  // Messages may hold what a user asked for.
  span.setAttribute('error.type', reason);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** What is no W3C trace context is nobody's child. */
function contextOf({ traceparent }: TraceCarrier): Context {
  const parent = typeof traceparent === 'string' ? parseTraceParent(traceparent) : null;
  if (parent === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
}

function counted(exporter: SpanExporter, onExport: OtlpDeps['onExport']): SpanExporter {
  return {
    export: (spans, done) => {
      exporter.export(spans, (result) => {
        onExport(result.code === ExportResultCode.SUCCESS ? 'ok' : 'error');
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush === undefined
      ? {}
      : { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
}
