import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { PATHS } from '../lib/contract/endpoints';
import { SCOPES } from '../lib/contract/scopes';
import type { ServerAuth, ServerDocument } from '../lib/contract/server-document';
import type { Site } from '../lib/contract/sites';
import { callerAddress } from './auth/caller-address';
import type { Authenticator } from './auth/principal';
import { type OidcDeps, buildOAuthSite, grantStore, oauthRing } from './auth/oauth/build';
import { configuredClients } from './auth/oauth/clients/configured-clients';
import { deriveKey } from './auth/oauth/key-ring';
import type { OAuthSite } from './auth/oauth/oauth-site';
import { type PassthroughSite, buildPassthroughSite } from './auth/passthrough/build';
import { checkBearerFile, sharedSecretAuthenticator } from './auth/shared-secret';
import { type LogStream, loggerOptions } from './logging';
import { neededScopes } from './mcp/needed-scopes';
import { Offers } from './mcp/offers';
import { registerAuthentication, registerScopeCheck } from './plugins/authenticate';
import { connectionBound, limitConnections, maxOpenFiles } from './plugins/connections';
import { registerErrors } from './plugins/errors';
import { registerHealth } from './plugins/health';
import { registerJsonBody } from './plugins/json-body';
import { registerLanding } from './plugins/landing';
import { InFlight, registerMcpEndpoint } from './plugins/mcp-endpoint';
import type { Metrics } from './plugins/metrics';
import { registerOAuth, tokenOffer } from './plugins/oauth';
import { registerPassthrough, rucioTokenOffer } from './plugins/oauth-passthrough';
import { registerOriginGuard } from './plugins/origin-guard';
import { RateLimitStore } from './plugins/rate-limit-store';
import { registerRequestLog } from './plugins/request-log';
import { registerSecurityHeaders } from './plugins/security-headers';
import { registerSiteStatus } from './plugins/site-status';
import { createRucio } from './rucio/client';
import type { OnRequest } from './rucio/http';
import type { KerberosEnvironment } from './rucio/sign-in/kerberos-token';
import { createSealer, keysFromSecret } from './sealer';
import { SecretFile } from './secret-file';
import { ALL_TOOLS } from './tools/index';
import type { Sealer } from './tools/sealed-plan';
import { createTracing } from './tracing/tracing';

/** Longer than load balancers keep an idle connection, so that they close it and not we. */
const KEEP_ALIVE_MS = 75_000;
/** How often Node looks for requests that take too long to arrive. */
const CHECK_CONNECTIONS_MS = 1000;

/** Connections to the metrics listener: they have their own bound, so that a crowd keeps none out. */
const MAX_SCRAPERS = 32;

/**
 * How long clients have to take the last answers of a stopping server. Shorter than the time between
 * the end of draining and SIGKILL, which is 10 s.
 */
const LAST_ANSWERS_MS = 5000;

/** How often a stopping server closes connections that have become idle. */
const SWEEP_MS = 50;

export interface App {
  /** MCP and health. */
  readonly main: FastifyInstance;
  /** Prometheus metrics, on a listener of their own. */
  readonly metrics: FastifyInstance;
  /** @returns the addresses that are listened on */
  listen(): Promise<{ readonly url: string; readonly metricsUrl: string }>;
  /**
   * Stops: no new connections, running calls end within `drainSeconds`. What is left then ends with an
   * error that says to call again; only a client that does not take it is cut off.
   *
   * @param lingerMs - how long new connections are still taken, in milliseconds: the kernel may have
   *   some that this process has not seen yet, and others are on their way. Default 0.
   * @returns whether everything ended by itself
   */
  stop(lingerMs?: number): Promise<boolean>;
}

/** The outside world, where it is not the usual one. */
export interface AppDeps extends OidcDeps {
  /** Where log lines go. @default standard output */
  readonly logStream?: LogStream;
  /** For a robot that signs in by Kerberos. @default - empty */
  readonly kerberos?: KerberosEnvironment;
}

/**
 * The composition root: everything that a server document describes, not listening yet.
 *
 * @param metrics - the instruments; the process adds its own to them
 * @throws {Error} when a secret can not be read or is too weak
 */
export async function buildApp(
  document: ServerDocument,
  metrics: Metrics,
  deps: AppDeps = {},
): Promise<App> {
  const main = createMain(document, deps);
  const state = { draining: false };
  const inFlight = new InFlight(document.limits.concurrentCalls);
  const tracing = await createTracing(document.tracing, metrics);
  main.addHook('onClose', () => tracing.close());

  boundConnections(main, document, metrics);
  registerSecurityHeaders(main, document.publicUrl);
  registerRequestLog(main, metrics);
  registerErrors(main);
  registerLanding(main, document);
  registerHealth(main, { whyNotReady: () => (state.draining ? 'stopping' : undefined) });
  await main.register(rateLimit, {
    global: false,
    store: RateLimitStore,
    keyGenerator: ({ ip }) => callerAddress(ip),
  });

  const authFor = await authOf(document, main, metrics, deps);
  for (const site of document.sites) {
    registerSiteStatus(main, site, { onRequest: onRequestTo(site, metrics), clock: deps.clock });
    const { authenticate, sealer, close, oauth, passthrough } = await authFor(site);
    if (oauth !== undefined) await registerOAuth(main, oauth, document);
    if (passthrough !== undefined) await registerPassthrough(main, passthrough, document);
    const offers = new Offers(site, ALL_TOOLS, {
      selection: document.tools,
      readOnly: document.readOnly,
      authMode: document.auth.mode,
    });
    await main.register((scope, _options, done) => {
      registerJsonBody(scope, document.limits.jsonDepth);
      registerOriginGuard(scope, document);
      if (oauth === undefined) {
        const offer = passthrough === undefined ? undefined : rucioTokenOffer(passthrough);
        registerAuthentication(scope, authenticate, metrics, offer);
      } else {
        const offer = tokenOffer(oauth);
        registerAuthentication(scope, authenticate, metrics, offer);
        const needed = (body: unknown) => neededScopes(body, document.readOnly);
        registerScopeCheck(scope, needed, offer, metrics);
      }
      registerMcpEndpoint(scope, offers, {
        metrics,
        log: main.log,
        sealer,
        tracing,
        confirmAboveBytes: document.tools.confirm.addRuleBytes,
        deadlineMs: document.limits.callSeconds * 1000,
        stopping: inFlight.stopping,
        inFlight,
      });
      done();
    });
    main.addHook('onClose', close);
  }
  main.addHook('preClose', (done) => {
    inFlight.endSubscriptions();
    done();
  });

  const metricsServer = createMetricsServer(metrics, main);
  return {
    main,
    metrics: metricsServer,
    listen: () => listen(main, metricsServer, document),
    stop: async (lingerMs = 0) => {
      state.draining = true;
      if (lingerMs > 0) await sleep(lingerMs);
      return stop(main, metricsServer, document, inFlight);
    },
  };
}

function createMain(
  { logLevel, limits, trustedProxies }: ServerDocument,
  { logStream }: AppDeps,
): FastifyInstance {
  const requestMs = limits.requestSeconds * 1000;
  return Fastify({
    logger: loggerOptions(logLevel, logStream),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytes,
    requestTimeout: requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // With `*` only the direct peer is believed: what stands before the last address of the header
    // is anything that the caller wrote there.
    trustProxy: trustedProxies.includes('*')
      ? (_address: string, hop: number) => hop === 0
      : [...trustedProxies],
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    // Who was let in is answered, also while the server stops.
    return503OnClosing: false,
    http: {
      maxHeaderSize: limits.headerBytes,
      // Node compares the two when it starts; its own default of the other one is 300 s.
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
    },
  });
}

function boundConnections(app: FastifyInstance, document: ServerDocument, metrics: Metrics): void {
  const files = maxOpenFiles();
  const max = connectionBound(document, files);
  const { connections } = document.limits;
  if (max < connections) {
    app.log.warn({ connections, files, max }, 'too few open files are allowed for the connections');
  }
  limitConnections(app.server, max, metrics);
}

interface SiteAuth {
  readonly authenticate: Authenticator;
  /** All replicas of this server can open what one has sealed. */
  readonly sealer: Sealer;
  readonly close: () => Promise<void>;
  /** Where users sign in, in `oidc` mode. */
  readonly oauth?: OAuthSite;
  /** What clients are told that bring a Rucio token. */
  readonly passthrough?: PassthroughSite;
}

type AuthFor = (site: Site) => Promise<SiteAuth>;

/** How callers of a site are known; secrets that all sites share are read once. */
async function authOf(
  document: ServerDocument,
  main: FastifyInstance,
  metrics: Metrics,
  deps: AppDeps,
): Promise<AuthFor> {
  const { auth } = document;
  switch (auth.mode) {
    case 'sharedSecret':
      return (site) =>
        sharedSecretAuth(auth, site, document, { main, metrics, kerberos: deps.kerberos });
    case 'oidc': {
      const ring = await oauthRing(auth, (outcome) =>
        metrics.inc('secretReloads', { secret: 'sealing-keys', outcome }),
      );
      const keys = async () => (await ring()).map((key) => deriveKey(key, 'plan'));
      if (auth.tokenFormat === 'passthrough') {
        const { clock } = deps;
        return (site) => {
          const onRequest = onRequestTo(site, metrics);
          const built = buildPassthroughSite({ site, document, onRequest, clock });
          return Promise.resolve({ ...built, sealer: createSealer({ keys }) });
        };
      }
      const grants = await grantStore(auth, { ...deps, log: main.log, metrics });
      main.addHook('onClose', () => grants.close());
      const clients = await configuredClients(auth.clients, (outcome) =>
        metrics.inc('secretReloads', { secret: 'client', outcome }),
      );
      return (site) => {
        const onRequest = onRequestTo(site, metrics);
        const built = buildOAuthSite(
          { auth, site, document, clients, ring, grants, log: main.log, metrics, onRequest },
          deps,
        );
        return Promise.resolve({ ...built, sealer: createSealer({ keys }) });
      };
    }
  }
}

interface SharedSecretDeps {
  readonly main: FastifyInstance;
  readonly metrics: Metrics;
  readonly kerberos: KerberosEnvironment | undefined;
}

async function sharedSecretAuth(
  auth: Extract<ServerAuth, { mode: 'sharedSecret' }>,
  site: Site,
  { limits }: ServerDocument,
  { main: { log }, metrics, kerberos }: SharedSecretDeps,
): Promise<SiteAuth> {
  const bearer = new SecretFile(auth.bearerFile, {
    onReload: (outcome) => metrics.inc('secretReloads', { secret: 'bearer', outcome }),
  });
  await checkBearerFile(bearer);
  const rucio = await createRucio(site, auth, limits, {
    kerberos,
    onRequest: onRequestTo(site, metrics),
    onLogin: (outcome) => {
      metrics.inc('rucioLogins', { site: site.name, outcome });
      noteExpiry();
    },
    onSecretReload: (secret, outcome) => {
      metrics.inc('secretReloads', { secret, outcome });
      log.info({ secret, outcome }, 'secret read again');
    },
  });
  // It follows the file: after a renewal it is the end of the new certificate.
  const noteExpiry = () => {
    const { expiresAt } = rucio.credentials;
    if (expiresAt === undefined) return;
    const labels = { site: site.name, type: auth.credentials.type };
    metrics.set('credentialExpiry', labels, Math.floor(expiresAt / 1000));
  };
  noteExpiry();
  const principal = {
    account: auth.account,
    scopes: [SCOPES.read, SCOPES.write],
    rucio: rucio.client,
    session: proxyOf(auth),
  };
  return {
    authenticate: sharedSecretAuthenticator(bearer, principal),
    sealer: createSealer({ keys: keysFromSecret(() => bearer.read()) }),
    close: rucio.close,
  };
}

/** A proxy certificate is not told to anybody, only what stands in it. */
function proxyOf({ credentials }: Extract<ServerAuth, { mode: 'sharedSecret' }>) {
  if (credentials.type !== 'x509_proxy') return {};
  const proxy = new SecretFile(credentials.proxyFile);
  return { readProxy: () => proxy.read() };
}

function onRequestTo(site: Site, metrics: Metrics): OnRequest {
  return (operation, outcome, seconds) => {
    metrics.inc('rucioRequests', { site: site.name, operation, outcome });
    metrics.observe('rucioRequestDuration', { site: site.name, operation }, seconds);
  };
}

function createMetricsServer(metrics: Metrics, { log }: FastifyInstance): FastifyInstance {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
  });
  app.server.maxConnections = MAX_SCRAPERS;
  app.get(PATHS.metrics, async (_request, reply) => {
    metrics.set('time', {}, Date.now() / 1000);
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return app;
}

async function listen(
  main: FastifyInstance,
  metrics: FastifyInstance,
  { listen: { host, port, metricsHost, metricsPort } }: ServerDocument,
) {
  const metricsUrl = await metrics.listen({ host: metricsHost, port: metricsPort });
  const url = await main.listen({ host, port });
  return { url, metricsUrl };
}

async function stop(
  main: FastifyInstance,
  metrics: FastifyInstance,
  { drainSeconds }: ServerDocument,
  inFlight: InFlight,
): Promise<boolean> {
  let onTime = true;
  let timer = setTimeout(() => {
    onTime = false;
    inFlight.stopCalls();
    timer = setTimeout(() => {
      inFlight.abortAll();
      main.server.closeAllConnections();
    }, LAST_ANSWERS_MS);
  }, drainSeconds * 1000);
  // A connection whose answer began before the stop was not told to close behind it.
  const sweeper = setInterval(() => main.server.closeIdleConnections(), SWEEP_MS);
  await main.close();
  clearInterval(sweeper);
  clearTimeout(timer);
  await metrics.close();
  return onTime;
}
