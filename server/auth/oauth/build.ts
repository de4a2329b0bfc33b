import type { FastifyBaseLogger } from 'fastify';

import type { ServerAuth, ServerDocument } from '../../../lib/contract/server-document';
import type { Site } from '../../../lib/contract/sites';
import { connectSite } from '../../rucio/client';
import type { OnRequest } from '../../rucio/http';
import { SecretFile } from '../../secret-file';
import type { Metrics } from '../../plugins/metrics';
import type { Authenticator } from '../principal';
import { oauthAuthenticator } from './bearer';
import { type ClientDocumentDeps, ClientDocuments } from './clients/client-documents';
import { ClientLimits } from './client-limits';
import type { OAuthClient } from './clients/client';
import { type GrantStore, MemoryGrantStore } from './grant-store';
import { type KeyRing, fileKeyRing, processKeyRing } from './key-ring';
import { scopesOffered } from './metadata';
import { brandOf } from '../../pages/page';
import type { OAuthSite } from './oauth-site';
import { recordTo } from './record-event';
import { Renewals } from './renewals';
import { RucioLogin } from './rucio-login';
import { siteUrls } from './site-urls';
import { Vault } from './vault';

/** How much the clocks of pods that share a state store may differ, in seconds. */
const SKEW_SECONDS = 120;

type OidcAuth = Extract<ServerAuth, { tokenFormat: 'jwe' }>;

/** The outside world, where it is not the usual one. */
export interface OidcDeps {
  readonly clock?: () => number;
  /** How metadata documents of clients are fetched. */
  readonly clientDocuments?: ClientDocumentDeps;
}

export interface OAuthSiteOptions {
  readonly auth: OidcAuth;
  readonly site: Site;
  readonly document: ServerDocument;
  /** Of the settings, by id. */
  readonly clients: ReadonlyMap<string, OAuthClient>;
  readonly ring: KeyRing;
  readonly grants: GrantStore;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly onRequest: OnRequest;
}

export interface BuiltOAuth {
  readonly oauth: OAuthSite;
  readonly authenticate: Authenticator;
  /** Ends all connections to Rucio. */
  readonly close: () => Promise<void>;
}

/**
 * The keys that seal codes, tokens and logins.
 *
 * @throws {Error} when the file can not be read or a key in it is too weak
 */
export async function oauthRing(
  { sealingKeysFile }: Pick<OidcAuth, 'sealingKeysFile'>,
  onReload: (outcome: 'ok' | 'error') => void,
): Promise<KeyRing> {
  if (sealingKeysFile === null) return processKeyRing();
  const ring = fileKeyRing(new SecretFile(sealingKeysFile, { onReload }));
  await ring();
  return ring;
}

export interface StoreDeps {
  readonly clock?: () => number;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
}

/**
 * What all sites and, with Redis, all pods remember together. Redis may be down: the server starts,
 * and comes to it later.
 *
 * @throws {Error} when the file with the password or the certificates can not be read
 */
export async function grantStore(
  { redis }: OidcAuth,
  { clock, log, metrics }: StoreDeps,
): Promise<GrantStore> {
  const withClock = clock === undefined ? {} : { clock };
  if (redis === null) return new MemoryGrantStore(clock);
  const password =
    redis.passwordFile === null
      ? undefined
      : new SecretFile(redis.passwordFile, {
          onReload: (outcome) => metrics.inc('secretReloads', { secret: 'redis', outcome }),
        });
  await password?.read();
  const ca = redis.caFile === null ? undefined : await new SecretFile(redis.caFile).read();
  // Pods without Redis do not even load its client.
  const { RedisGrantStore } = await import('./redis-grant-store');
  const store = new RedisGrantStore({
    url: redis.url,
    username: redis.username,
    ...(password === undefined ? {} : { password: () => password.read() }),
    ...(ca === undefined ? {} : { ca }),
    ...withClock,
    onOutcome: (outcome) => metrics.inc('stateStoreQuestions', { outcome }),
    onChange: (isUp, error) => {
      metrics.set('stateStoreUp', { store: 'redis' }, isUp ? 1 : 0);
      if (isUp) log.info('the state store answers');
      else log.error({ err: { message: String(error) } }, 'the state store does not answer');
    },
  });
  await store.settled;
  return store;
}

/**
 * Everything that one site needs to let users sign in as themselves. Contacts nobody yet.
 *
 * @throws {Error} for settings that this version does not serve
 */
export function buildOAuthSite(
  { auth, site, document, clients, ring, grants, log, metrics, onRequest }: OAuthSiteOptions,
  { clock = Date.now, clientDocuments = {} }: OidcDeps,
): BuiltOAuth {
  const { publicUrl, limits, readOnly } = document;
  if (publicUrl === null) throw new Error('auth.mode oidc needs publicUrl');
  const urls = siteUrls(publicUrl, site.name);
  // One pod has one clock.
  const vault = new Vault(urls.issuer, ring, clock, auth.redis === null ? 0 : SKEW_SECONDS);
  const { http, authHttp, close } = connectSite(site, limits, { onRequest });
  const oauth: OAuthSite = {
    site,
    urls,
    brand: brandOf(site, document.supportContact),
    scopes: scopesOffered(readOnly),
    vault,
    grants,
    clients,
    documents: new ClientDocuments({ clock, ...clientDocuments }),
    login: new RucioLogin({ site, http: authHttp, mode: auth.login, clock }),
    limits: new ClientLimits(clock),
    renewals: new Renewals(),
    record: recordTo(log, metrics, site.name),
    clock,
    log,
  };
  return { oauth, authenticate: oauthAuthenticator({ vault, grants, clients, http }), close };
}
