import type { z } from 'zod';

import type { Site } from '../../lib/contract/sites';
import type { ToolName } from '../../lib/contract/tools';
import type { Toolset } from '../../lib/contract/toolsets';
import type { RucioClient } from '../rucio/client';
import type { Consent } from './consent';
import { explainExpression } from './rse-expression';
import type { Sealer } from './sealed-plan';

/** How far a long call is. `total` is left out while it is not known. */
export interface Progress {
  readonly done: number;
  readonly total?: number | undefined;
  readonly message: string;
}

/** What a change leaves in the audit log; who made it, where and when is added. */
export interface AuditRecord {
  readonly tool: ToolName;
  /** `done`, `repeated` when it had been done before, or the code of the error. */
  readonly outcome: string;
  readonly rules: readonly string[];
  readonly dids: readonly string[];
  readonly bytes?: number | string | null | undefined;
}

/** What is known of the caller's session with this server. */
export interface Session {
  readonly scopes: readonly string[];
  /** The toolsets that the caller is shown whole. */
  readonly toolsets?: readonly Toolset[] | undefined;
  /** When the caller has to sign in again; undefined: not by itself. */
  readonly expiresAt?: Date | undefined;
  /** The PEM text of the proxy certificate that the server works with, where it does. */
  readonly readProxy?: (() => Promise<string>) | undefined;
}

/** What a tool works with. It never sees the transport, the token or another site. */
export interface ToolContext {
  /** The client of the caller's site, signed in as the caller. */
  readonly rucio: RucioClient;
  readonly site: Site;
  /** The Rucio account of the caller. */
  readonly account: string;
  /** Whether write tools are off for this caller. */
  readonly readOnly: boolean;
  readonly session: Session;
  /** For data that the client has to bring back unchanged. */
  readonly sealer: Sealer;
  readonly consent: Consent;
  /** New rules for more bytes than this need the user's consent. */
  readonly confirmAboveBytes: number;
  /** Writes one line to the audit log, whatever the log level is. */
  readonly audit: (record: AuditRecord) => void;
  /** Aborted when the client goes away or the deadline passes; every call to Rucio takes it. */
  readonly signal: AbortSignal;
  /** Longest time of the call, in milliseconds. */
  readonly deadlineMs: number;
  /** Most tokens of a page: few for a caller who names no `limit`. */
  readonly pageTokens: number;
  /** Tells the client how far the call is, if it wants to know. Never throws. */
  readonly progress: (progress: Progress) => void;
}

/** A tool: its entry in `lib/contract/tools.ts` under the same name, and what it does. */
export interface Tool<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  readonly name: ToolName;
  /** A strict object: unknown arguments are errors. */
  readonly input: Input;
  readonly output: Output;
  /**
   * @throws {AppError} told to the model as it is; anything else is logged and told as INTERNAL
   */
  readonly run: (input: z.output<Input>, context: ToolContext) => Promise<z.input<Output>>;
}

/** Ties the types of a tool together, and explains an RSE expression that Rucio refuses. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool {
  const run: Tool<Input, Output>['run'] = async (input, context) => {
    try {
      return await tool.run(input, context);
    } catch (error) {
      throw await explainExpression(error, context);
    }
  };
  // The catalogue treats all tools alike: input is parsed by `input` before `run` sees it.
  return { ...tool, run } as Tool<Input, Output>;
}
