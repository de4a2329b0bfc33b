import {
  type CallToolResult,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import type { FastifyBaseLogger } from 'fastify';

import { didYouMean } from '../../lib/contract/did-you-mean';
import { AppError } from '../errors';
import { Deadline } from '../rucio/deadline';
import type { Metrics } from '../plugins/metrics';
import { AskUser } from '../tools/consent';
import type { Tool, ToolContext } from '../tools/define';
import { parseInput } from '../tools/input';
import { pageTokensOf, truncationOf } from '../tools/results';
import type { Sealer } from '../tools/sealed-plan';
import type { CallSpan, TraceCarrier, Tracing } from '../tracing/tracing';
import type { Catalogue } from './catalogue';
import { toQuestion } from './consent';

export interface CallDeps {
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  readonly sealer: Sealer;
  readonly tracing: Tracing;
  /** Longest time of one call, in milliseconds. */
  readonly deadlineMs: number;
  /** Aborted when a stopping server can not wait for calls any longer, see {@link stopError}. */
  readonly stopping: AbortSignal;
  /** See {@link ToolContext}. */
  readonly confirmAboveBytes: number;
}

export interface Call {
  readonly name: string;
  readonly args: unknown;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** The trace that the client's request belongs to. */
  readonly carrier: TraceCarrier;
}

export type ToolResult =
  | { readonly kind: 'result'; readonly result: CallToolResult }
  | { readonly kind: 'question'; readonly result: InputRequiredResult };

/**
 * Runs one tool call: finds the tool, parses its arguments, holds the deadline, shapes the result,
 * counts. The one place where errors become text for the model; nothing else of an error leaves.
 *
 * @returns the result, or a question to the user that has to be answered first
 * @throws {ProtocolError} for a tool that the caller may not use (-32602)
 * @throws the reason of the abort when the client has gone away
 */
export async function callTool(
  catalogue: Catalogue,
  call: Call,
  context: Omit<ToolContext, 'signal' | 'deadlineMs' | 'pageTokens'>,
  deps: CallDeps,
): Promise<ToolResult> {
  const tool = catalogue.callable.get(call.name) ?? catalogue.forbidden.get(call.name);
  if (tool === undefined) throw unknownTool(call.name, catalogue);
  const traced = { site: context.site.name, tool: tool.name, carrier: call.carrier };
  return deps.tracing.call(traced, (span) => {
    return callFound(tool, { catalogue, call, context, span }, deps);
  });
}

interface Found {
  readonly catalogue: Catalogue;
  readonly call: Call;
  readonly context: Omit<ToolContext, 'signal' | 'deadlineMs' | 'pageTokens'>;
  readonly span: CallSpan;
}

async function callFound(
  tool: Tool,
  { catalogue, call, context, span }: Found,
  deps: CallDeps,
): Promise<ToolResult> {
  const labels = { site: context.site.name, tool: tool.name };
  const startedAt = performance.now();
  /** Counts the call, once. */
  const end = (status: 'ok' | 'asked' | 'cancelled' | 'error') => {
    const seconds = (performance.now() - startedAt) / 1000;
    deps.metrics.inc('toolCalls', { ...labels, status });
    deps.metrics.observe('toolCallDuration', { ...labels, status }, seconds);
  };
  const deadline = new Deadline([call.signal, deps.stopping], deps.deadlineMs);
  const { signal } = deadline;
  try {
    if (!catalogue.callable.has(tool.name)) throw readOnly(tool.name);
    const result = await run(tool, call.args, {
      ...context,
      signal,
      deadlineMs: deps.deadlineMs,
      pageTokens: pageTokensOf(call.args),
    });
    end('ok');
    deps.metrics.observe('toolResponseBytes', labels, Buffer.byteLength(result.text));
    const cause = truncationOf(result.structured);
    if (cause !== undefined) deps.metrics.inc('toolTruncations', { ...labels, cause });
    return done({
      content: [{ type: 'text', text: result.text }],
      structuredContent: result.structured,
    });
  } catch (error) {
    if (error instanceof AskUser) {
      end('asked');
      return { kind: 'question', result: toQuestion(error) };
    }
    if (call.signal.aborted) {
      // Nobody is left to be told anything.
      end('cancelled');
      span.fail('cancelled');
      deps.log.info({ tool: tool.name }, 'tool call cancelled by the client');
      throw error;
    }
    const told = toAppError(error, deadline.hasPassed || deps.stopping.aborted, deps);
    end('error');
    span.fail(told.code);
    deps.metrics.inc('toolErrors', { ...labels, code: told.code });
    const level = told.code === 'INTERNAL' ? 'error' : 'info';
    deps.log[level]({ err: error, tool: tool.name, code: told.code }, 'tool call failed');
    return done({ isError: true, content: [{ type: 'text', text: told.publicMessage }] });
  } finally {
    // A call that failed may have other requests under way.
    deadline.end();
  }
}

const done = (result: CallToolResult): ToolResult => ({ kind: 'result', result });

async function run(
  tool: Tool,
  args: unknown,
  context: ToolContext,
): Promise<{ structured: Record<string, unknown>; text: string }> {
  const input = parseInput(tool, args);
  const output = await tool.run(input, context);
  // A result that breaks its own schema must not reach a client that relies on it.
  const structured = tool.output.parse(output);
  return { structured, text: JSON.stringify(structured) };
}

function toAppError(error: unknown, deadlinePassed: boolean, deps: CallDeps): AppError {
  if (error instanceof AppError && !(deadlinePassed && error.code === 'INTERNAL')) return error;
  if (deps.stopping.aborted) {
    return new AppError('RUCIO_DOWN', {
      what: 'The server had to restart and stopped the call.',
      next: 'call again: another server answers',
      cause: error,
    });
  }
  if (deadlinePassed) {
    return new AppError('RUCIO_DOWN', {
      what: `The call took longer than ${deps.deadlineMs / 1000} s and was stopped.`,
      next: 'narrow the request (a smaller pattern, a lower limit), or try again later',
      cause: error,
    });
  }
  return new AppError('INTERNAL', {
    what: 'The server could not complete this call.',
    next: 'try again once; if it happens again, give the operator the time of this call',
    cause: error,
  });
}

function readOnly(name: string): AppError {
  return new AppError('READ_ONLY', {
    what: `${name} changes data, and this connection is read-only. Nothing was changed.`,
    next: "tell the user; only the server's operator or the client's settings can allow changes",
  });
}

function unknownTool(name: string, catalogue: Catalogue): ProtocolError {
  const shown = JSON.stringify(name.slice(0, 64));
  const near = didYouMean(name, [...catalogue.callable.keys()]);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool ${shown}${hint}`);
}
