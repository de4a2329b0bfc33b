import { CLIENT_INFO_META_KEY, type ServerContext } from '@modelcontextprotocol/server';
import type { FastifyBaseLogger } from 'fastify';
import { z } from 'zod';

import { escapeName } from '../rucio/untrusted-text';
import type { AuditRecord } from '../tools/define';

const Envelope = z.object({
  [CLIENT_INFO_META_KEY]: z.object({ name: z.string(), version: z.string() }),
});
/** Longest client name in the log, in characters. */
const MAX_CLIENT = 100;

/** Who changes something, and where. */
export interface AuditSubject {
  readonly site: string;
  readonly account: string;
  /** What the client calls itself in HTTP; untrusted. */
  readonly userAgent?: string | undefined;
}

/**
 * Writes one line for each change: what was changed and how it ended, by whom, with which client, at
 * which site. The request's id is in it as in all of its lines; a token never is.
 */
export function auditTo(
  log: FastifyBaseLogger,
  { userAgent, ...subject }: AuditSubject,
  ctx: ServerContext,
): (record: AuditRecord) => void {
  return (record) => {
    // Also where the operator wants errors only: an audit log with gaps is none.
    const always = log.child({}, { level: 'info' });
    always.info(
      { audit: { ...subject, client: clientOf(ctx, userAgent), ...record } },
      'rucio changed',
    );
  };
}

/** As it calls itself; untrusted. */
function clientOf({ mcpReq }: ServerContext, userAgent: string | undefined): string | null {
  const { data } = Envelope.safeParse(mcpReq.envelope);
  const info = data?.[CLIENT_INFO_META_KEY];
  const name = info === undefined ? userAgent : `${info.name} ${info.version}`;
  return name === undefined ? null : escapeName(name, MAX_CLIENT);
}
