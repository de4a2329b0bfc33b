import type { FastifyBaseLogger } from 'fastify';

import {
  COUNTED_ONLY,
  type OAuthEvent,
  type OAuthReason,
} from '../../../lib/contract/oauth-events';
import type { Metrics } from '../../plugins/metrics';
import { currentRequestId } from './request-context';

/** Who and why; never a token, a code or an address. */
export interface EventDetails {
  /** The Rucio account, where one is known. */
  readonly account?: string;
  /** What the client calls itself; untrusted. */
  readonly client?: string;
  /** @default 'none' */
  readonly reason?: OAuthReason;
  /** The reason in words. */
  readonly detail?: string;
}

export type RecordEvent = (event: OAuthEvent, details?: EventDetails) => void;

/** Counts what happens at the authorization server of a site, and writes it to the audit log with the id of the request. */
export function recordTo(log: FastifyBaseLogger, metrics: Metrics, site: string): RecordEvent {
  // Also where the operator wants errors only: an audit log with gaps is none.
  const always = log.child({}, { level: 'info' });
  return (event, details = {}) => {
    metrics.inc('oauthEvents', { site, event, reason: details.reason ?? 'none' });
    if (COUNTED_ONLY.includes(event)) return;
    always.info({ reqId: currentRequestId(), audit: { event, site, ...details } }, 'oauth');
  };
}
