import type { FastifyInstance } from 'fastify';

import { type SiteStatus, siteStatusPath } from '../../lib/contract/endpoints';
import type { Site } from '../../lib/contract/sites';
import { discard } from '../rucio/body';
import { connectSite } from '../rucio/client';
import type { OnRequest } from '../rucio/http';

/** How long an answer of Rucio stands, in milliseconds: pages of many people ask it only once. */
const KEEP_MS = 30_000;
/** Somebody looks at a page meanwhile. And the calls of users have their own connections. */
const PATIENCE_SECONDS = 5;
const LIMITS = { rucioSeconds: PATIENCE_SECONDS, rucioConnections: 1 };
/** Requests of one address in a minute. */
const RATE = { config: { rateLimit: { max: 120, timeWindow: 60_000 } } };

export interface SiteStatusDeps {
  readonly onRequest: OnRequest;
  /** In milliseconds since the epoch. */
  readonly clock?: (() => number) | undefined;
}

/**
 * Whether the Rucio of a site answers, for the pages. It is public, hence no more than that; and
 * however many ask, Rucio is asked twice a minute at most.
 *
 * @throws {ConfigError} when the site's `caFile` can not be read
 */
export function registerSiteStatus(
  app: FastifyInstance,
  site: Site,
  { onRequest, clock = Date.now }: SiteStatusDeps,
): void {
  const { http, close } = connectSite(site, LIMITS, { onRequest });
  app.addHook('onClose', close);
  const ask = async (): Promise<SiteStatus> => {
    try {
      const signal = AbortSignal.timeout(PATIENCE_SECONDS * 1000);
      const answer = await http.send({ operation: 'ping', segments: ['ping'], signal });
      await discard(answer.body);
      answer.settle();
      return { rucio: 'up' };
    } catch {
      return { rucio: 'down' };
    }
  };
  let last: { readonly at: number; readonly status: Promise<SiteStatus> } | undefined;
  app.get(siteStatusPath(site.name), RATE, async () => {
    const now = clock();
    const age = now - (last?.at ?? -Infinity);
    // An answer of the future was asked for before the clock was set back.
    if (last === undefined || age < 0 || age >= KEEP_MS) last = { at: now, status: ask() };
    return last.status;
  });
}
