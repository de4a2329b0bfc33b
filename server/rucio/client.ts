import type { Limits } from '../../lib/contract/server-document';
import type { Site } from '../../lib/contract/sites';
import { readCaBundle } from './ca-bundle';
import { RucioCore } from './core';
import { AccountsApi } from './domains/accounts';
import { DidsApi } from './domains/dids';
import { LocksApi } from './domains/locks';
import { MetaApi } from './domains/meta';
import { ReplicasApi } from './domains/replicas';
import { RequestsApi } from './domains/requests';
import { RsesApi } from './domains/rses';
import { RulesApi } from './domains/rules';
import { ScopesApi } from './domains/scopes';
import { SubscriptionsApi } from './domains/subscriptions';
import { type OnRequest, RucioHttp, type TlsOptions } from './http';
import type { LoginOutcome, TokenSource } from './session';
import type { KerberosEnvironment } from './sign-in/kerberos-token';
import type { CheckedCredentials } from './sign-in/robot-login';
import { type Robot, type SecretReload, createRobotSession } from './token-source';

/**
 * Rucio's REST API as one account sees it; one field a collection, one method an operation. All
 * methods throw `RucioError` when Rucio answers with an error, and an `AppError` RUCIO_DOWN when
 * it does not answer, not in time, or not completely: a list either has all its rows or throws.
 *
 * @see https://rucio.github.io/documentation/html/rest_api_doc_rucio.html
 */
export class RucioClient {
  readonly accounts: AccountsApi;
  readonly dids: DidsApi;
  readonly locks: LocksApi;
  readonly meta: MetaApi;
  readonly replicas: ReplicasApi;
  readonly requests: RequestsApi;
  readonly rses: RsesApi;
  readonly rules: RulesApi;
  readonly scopes: ScopesApi;
  readonly subscriptions: SubscriptionsApi;

  constructor(http: RucioHttp, tokens: TokenSource) {
    const core = new RucioCore(http, tokens);
    this.accounts = new AccountsApi(core);
    this.dids = new DidsApi(core);
    this.locks = new LocksApi(core);
    this.meta = new MetaApi(core);
    this.replicas = new ReplicasApi(core);
    this.requests = new RequestsApi(core);
    this.rses = new RsesApi(core);
    this.rules = new RulesApi(core);
    this.scopes = new ScopesApi(core);
    this.subscriptions = new SubscriptionsApi(core);
  }
}

export interface RucioDeps {
  readonly clock?: () => number;
  readonly onRequest?: OnRequest;
  readonly onLogin?: (outcome: LoginOutcome) => void;
  readonly onSecretReload?: SecretReload;
  /** What the Kerberos library finds in its environment, for `gss`. */
  readonly kerberos?: KerberosEnvironment | undefined;
}

export interface Rucio {
  /** Signed in as the robot; the session is opened by the first call that needs it. */
  readonly client: RucioClient;
  /** What the check of the robot's credentials at start has found. */
  readonly credentials: CheckedCredentials;
  /** Ends all connections; calls under way fail. */
  readonly close: () => Promise<void>;
}

/** Connections to the two servers of a site, without anybody's session. */
export interface SiteHttp {
  readonly http: RucioHttp;
  /** To the authentication server. */
  readonly authHttp: RucioHttp;
  /** Another connection to the authentication server, e.g. with a client certificate. */
  readonly authHttpWith: (tls: TlsOptions) => RucioHttp;
  /** The certification authorities of the site, if it has its own. */
  readonly ca: TlsOptions['ca'];
  /** Aborted by `close`, for waits that are not for one of these connections. */
  readonly closing: AbortSignal;
  /** Ends all connections but those of `authHttpWith`; calls under way fail. */
  readonly close: () => Promise<void>;
}

/**
 * Connections that the sessions of many users share.
 *
 * @throws {ConfigError} when the site's `caFile` can not be read
 */
export function connectSite(
  site: Site,
  limits: Pick<Limits, 'rucioSeconds' | 'rucioConnections'>,
  { onRequest }: Pick<RucioDeps, 'onRequest'> = {},
): SiteHttp {
  const ca = site.caFile === undefined ? undefined : readCaBundle(site.name, site.caFile);
  const httpTo = (baseUrl: string, tls: TlsOptions = {}) =>
    new RucioHttp({ site, baseUrl, limits, tls: { ca, ...tls }, onRequest });
  const [http, authHttp] = [httpTo(site.rucioHost), httpTo(site.authHost)];
  const authHttpWith = (tls: TlsOptions) => httpTo(site.authHost, tls);
  const closing = new AbortController();
  const close = async () => {
    closing.abort();
    await Promise.all([http.close(), authHttp.close()]);
  };
  return { http, authHttp, authHttpWith, ca, closing: closing.signal, close };
}

/**
 * The client of a site in `sharedSecret` mode. Reads and checks the robot's credentials, and does not
 * contact Rucio yet.
 *
 * @param robot - the account and its credentials; paths of files are final
 * @throws {ConfigError} for an authentication type that this version can not use, or when the site's
 *   `caFile` or a credential can not be read or used
 */
export async function createRucio(
  site: Site,
  robot: Robot,
  limits: Pick<Limits, 'rucioSeconds' | 'rucioConnections'>,
  deps: RucioDeps = {},
): Promise<Rucio> {
  const { http, close, ...connections } = connectSite(site, limits, deps);
  try {
    const { tokens, check } = createRobotSession(robot, {
      ...deps,
      ...connections,
      timeoutMs: limits.rucioSeconds * 1000,
    });
    const credentials = await check();
    return { client: new RucioClient(http, tokens), credentials, close };
  } catch (error) {
    await close();
    throw error;
  }
}
