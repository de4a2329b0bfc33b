import type { ServerDocument } from '../../../lib/contract/server-document';
import type { Site } from '../../../lib/contract/sites';
import { connectSite } from '../../rucio/client';
import type { OnRequest } from '../../rucio/http';
import { type SiteUrls, siteUrls } from '../oauth/site-urls';
import type { Authenticator } from '../principal';
import { RucioBearers } from './rucio-bearers';

/** What clients of a site are told about its tokens, which others issue. */
export interface PassthroughSite {
  readonly site: Site;
  readonly urls: SiteUrls;
  /** What to ask the identity provider for; empty where it is not known. */
  readonly scopes: readonly string[];
}

export interface BuiltPassthrough {
  readonly passthrough: PassthroughSite;
  readonly authenticate: Authenticator;
  /** Ends all connections to Rucio. */
  readonly close: () => Promise<void>;
}

export interface PassthroughOptions {
  readonly site: Site;
  readonly document: ServerDocument;
  readonly onRequest: OnRequest;
  readonly clock?: (() => number) | undefined;
}

/**
 * A site whose clients bring the Rucio token themselves. Contacts nobody yet.
 *
 * @throws {Error} without a public URL
 */
export function buildPassthroughSite({
  site,
  document: { publicUrl, limits },
  onRequest,
  clock = Date.now,
}: PassthroughOptions): BuiltPassthrough {
  if (publicUrl === null) throw new Error('auth.mode oidc needs publicUrl');
  const { http, authHttp, close } = connectSite(site, limits, { onRequest });
  const { issuerUrl, scope } = site.oidc;
  // A refresh token is the client's own affair. MCP authorization, "Refresh Tokens".
  const asked = scope.split(/\s+/).filter((name) => name !== '' && name !== 'offline_access');
  return {
    passthrough: {
      site,
      urls: siteUrls(publicUrl, site.name),
      scopes: issuerUrl === undefined ? [] : asked,
    },
    authenticate: new RucioBearers({ http, authHttp, clock }).authenticate,
    close,
  };
}
