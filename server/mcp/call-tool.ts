import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import type { FastifyBaseLogger } from 'fastify';

import { didYouMean } from '../../lib/contract/did-you-mean';
import { AppError } from '../errors';
import type { Metrics } from '../plugins/metrics';
import type { Tool, ToolContext } from '../tools/define';
import { parseInput } from '../tools/input';
import type { Catalogue } from './catalogue';

export interface CallDeps {
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  /** Longest time of one call, in milliseconds. */
  readonly deadlineMs: number;
}

export interface Call {
  readonly name: string;
  readonly args: unknown;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/**
 * Runs one tool call: finds the tool, parses its arguments, holds the deadline, shapes the result,
 * counts. The one place where errors become text for the model; nothing else of an error leaves.
 *
 * @throws {ProtocolError} for a tool that the caller may not use (-32602)
 * @throws the reason of the abort when the client has gone away
 */
export async function callTool(
  catalogue: Catalogue,
  call: Call,
  context: Omit<ToolContext, 'signal' | 'deadlineMs'>,
  deps: CallDeps,
): Promise<CallToolResult> {
  const tool = catalogue.callable.get(call.name);
  if (tool === undefined) throw unknownTool(call.name, catalogue);
  const labels = { site: context.site.name, tool: tool.name };
  const startedAt = performance.now();
  const deadline = AbortSignal.timeout(deps.deadlineMs);
  const signal = AbortSignal.any([call.signal, deadline]);
  try {
    const result = await run(tool, call.args, {
      ...context,
      signal,
      deadlineMs: deps.deadlineMs,
    });
    deps.metrics.inc('toolCalls', { ...labels, status: 'ok' });
    deps.metrics.observe('toolResponseBytes', labels, Buffer.byteLength(result.text));
    return {
      content: [{ type: 'text', text: result.text }],
      structuredContent: result.structured,
    };
  } catch (error) {
    if (call.signal.aborted) {
      // Nobody is left to be told anything.
      deps.metrics.inc('toolCalls', { ...labels, status: 'cancelled' });
      deps.log.info({ tool: tool.name }, 'tool call cancelled by the client');
      throw error;
    }
    const told = toAppError(error, deadline.aborted, deps);
    deps.metrics.inc('toolCalls', { ...labels, status: 'error' });
    deps.metrics.inc('toolErrors', { ...labels, code: told.code });
    const level = told.code === 'INTERNAL' ? 'error' : 'info';
    deps.log[level]({ err: error, tool: tool.name, code: told.code }, 'tool call failed');
    return { isError: true, content: [{ type: 'text', text: told.publicMessage }] };
  } finally {
    deps.metrics.observe('toolCallDuration', labels, (performance.now() - startedAt) / 1000);
  }
}

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

function unknownTool(name: string, catalogue: Catalogue): ProtocolError {
  const shown = JSON.stringify(name.slice(0, 64));
  const near = didYouMean(name, [...catalogue.callable.keys()]);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool ${shown}${hint}`);
}
