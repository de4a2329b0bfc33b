import type { ToolName } from '../../lib/contract/tools';
import { AppError } from '../../server/errors';
import { ALL_TOOLS } from '../../server/tools';
import { parseInput } from '../../server/tools/input';
import { pageTokensOf } from '../../server/tools/results';
import { createSealer } from '../../server/sealer';
import type { AuditRecord, Progress, Session } from '../../server/tools/define';
import type { Consent } from '../../server/tools/consent';
import type { Sealer } from '../../server/tools/sealed-plan';
import type { RucioOnFaultServer } from './rucio-on-fault-server';

export interface RunToolOptions {
  readonly readOnly?: boolean;
  readonly signal?: AbortSignal;
  /** @default 'robot' */
  readonly account?: string;
  /** @default 60 s */
  readonly deadlineMs?: number;
  readonly progress?: (progress: Progress) => void;
  /** @default { scopes: [] } */
  readonly session?: Session;
  /** @default one with a key of this process */
  readonly sealer?: Sealer;
  /** @default 1 TB */
  readonly confirmAboveBytes?: number;
  /** @default a client that can not ask its user */
  readonly consent?: Consent;
  readonly audit?: (record: AuditRecord) => void;
}

const SEALER = createSealer();

/** Runs a tool as the server does: arguments parsed before, the result checked by its own schema. */
export async function runTool(
  name: ToolName,
  args: unknown,
  { client, site }: Pick<RucioOnFaultServer, 'client' | 'site'>,
  options: RunToolOptions = {},
): Promise<Record<string, unknown>> {
  const tool = ALL_TOOLS.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`there is no tool ${name}`);
  const result = await tool.run(parseInput(tool, args), {
    rucio: client,
    site,
    account: options.account ?? 'robot',
    readOnly: options.readOnly ?? true,
    session: options.session ?? { scopes: [] },
    sealer: options.sealer ?? SEALER,
    consent: options.consent ?? { canAsk: false },
    confirmAboveBytes: options.confirmAboveBytes ?? 1_000_000_000_000,
    audit: options.audit ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
    deadlineMs: options.deadlineMs ?? 60_000,
    pageTokens: pageTokensOf(args),
    progress: options.progress ?? (() => undefined),
  });
  const parsed = tool.output.parse(result);
  // A field that the schema does not know would be lost on its way to the client.
  expect(parsed).toEqual(result);
  return parsed;
}

/** The error that a tool ends with. */
export async function toolFailure(call: Promise<unknown>): Promise<AppError> {
  const error: unknown = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw error;
}
