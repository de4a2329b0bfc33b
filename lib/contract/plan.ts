import { MOUNTS } from './endpoints';
import { ConfigError } from './issues';
import { type ParseResult, parseDocument } from './parse';
import { type Release, appName, fullName } from './release';
import type { AUTH_TYPES, ServerDocument } from './server-document';
import { type RobotCredentials, type ServerAuth, readServerDocument } from './server-document';
import { SITE_PRESETS, Site, isLoopbackHost, isSitePreset } from './sites';
import { splitAddresses } from './values/exposure';
import { valuesRules } from './values/rules';
import { Values } from './values/values';

/** Keys of one Secret, mounted as files into one directory. */
export interface SecretMount {
  /** Name of the volume. */
  readonly volume: string;
  readonly secret: string;
  readonly directory: string;
  /** The keys that are mounted; each file is named after its key. */
  readonly keys: readonly string[];
}

/** All that constructs need to know: names, precise unions, and the document that the pod mounts. */
export interface Plan {
  readonly release: Release;
  readonly values: Values;
  /** `app.kubernetes.io/name`. */
  readonly app: string;
  /** Prefix of all object names. */
  readonly fullName: string;
  /** URL that clients use, without a trailing slash; `null` without exposure. */
  readonly publicUrl: string | null;
  readonly secrets: readonly SecretMount[];
  /** Set where the values carry the bearer itself and a Secret must be made of it. */
  readonly bearerSecret: {
    readonly name: string;
    readonly key: string;
    readonly value: string;
  } | null;
  readonly server: ServerDocument;
}

/**
 * Parses values and derives everything from them; all problems at once.
 *
 * @param input - what an operator wrote, as parsed YAML
 */
export function readValues(input: unknown, release: Release): ParseResult<Plan> {
  const parsed = parseDocument(Values, input ?? {}, valuesRules(release));
  if (!parsed.ok) return parsed;
  const plan = toPlan(parsed.value, release);
  // The very parser that the server starts with: what synthesizes is what it accepts.
  const server = readServerDocument(plan.server);
  return server.ok ? { ok: true, value: { ...plan, server: server.value } } : server;
}

/**
 * Like {@link readValues}, for callers that have nothing to do without a plan.
 *
 * @throws {ConfigError} with every problem
 */
export function planFrom(input: unknown, release: Release, subject = 'the values'): Plan {
  const result = readValues(input, release);
  if (!result.ok) throw new ConfigError(result.issues, subject);
  return result.value;
}

function toPlan(values: Values, release: Release): Plan {
  const name = fullName(release, values);
  const auth = authPlan(values, name);
  return {
    release,
    values,
    app: appName(values),
    fullName: name,
    publicUrl: publicUrl(values),
    secrets: auth.secrets,
    bearerSecret: auth.bearerSecret,
    server: toServerDocument(values, release, auth.server),
  };
}

/** The one public URL; everything that names the server to a client uses it. */
export function publicUrl(values: Values): string | null {
  const { server, ingress, gateway } = values;
  if (server.resourceUrl !== '') return server.resourceUrl.replace(/\/+$/, '');
  if (ingress.enabled && ingress.host !== '') {
    return `${ingress.tls.enabled ? 'https' : 'http'}://${ingress.host}`;
  }
  if (gateway.enabled && gateway.host !== '') return `https://${gateway.host}`;
  return null;
}

/** The document that the pod mounts, derived from values that satisfy {@link valuesRules}. */
function toServerDocument(values: Values, release: Release, auth: ServerAuth): ServerDocument {
  const url = publicUrl(values);
  return {
    version: 1,
    listen: {
      host: values.server.host,
      port: values.server.port,
      metricsHost: values.server.host,
      metricsPort: values.server.metricsPort,
    },
    publicUrl: url,
    allowedHosts: [
      ...serviceHosts(fullName(release, values), release.namespace),
      ...values.server.allowedHosts,
    ],
    allowedOrigins: [...values.server.allowedOrigins],
    trustedProxies: trustedProxies(values.forwardedAllowIps),
    logLevel: values.logLevel,
    readOnly: values.readOnly,
    tools: values.tools,
    limits: values.limits,
    drainSeconds: values.server.drainSeconds,
    sites: values.auth.sites.map(toSite),
    auth,
  };
}

/** The names by which clients inside the cluster call the Service. */
function serviceHosts(service: string, namespace: string): string[] {
  return ['', `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`].map(
    (suffix) => `${service}${suffix}`,
  );
}

function trustedProxies(ips: Values['forwardedAllowIps']): string[] {
  return typeof ips === 'string' ? splitAddresses(ips) : [...ips];
}

function toSite(choice: Values['auth']['sites'][number]): Site {
  if (typeof choice !== 'string') return choice;
  if (!isSitePreset(choice)) throw new TypeError(`no preset "${choice}"`); // The schema has an enum.
  return Site.parse(SITE_PRESETS[choice]);
}

interface AuthPlan {
  readonly server: ServerAuth;
  readonly secrets: readonly SecretMount[];
  readonly bearerSecret: Plan['bearerSecret'];
}

function authPlan(values: Values, name: string): AuthPlan {
  return values.auth.mode === 'oidc' ? oidcPlan(values) : sharedSecretPlan(values, name);
}

function oidcPlan({ auth }: Values): AuthPlan {
  const { existingSecret, key } = auth.oidc.sealingKeys;
  const mount =
    existingSecret === '' ? null : mountKeys('sealing', existingSecret, MOUNTS.bearer, [key]);
  return {
    server: {
      mode: 'oidc',
      login: auth.oidc.login,
      tokenFormat: auth.oidc.tokenFormat,
      sealingKeysFile: mount === null ? null : `${mount.directory}/${key}`,
      redis: null,
    },
    secrets: mount === null ? [] : [mount],
    bearerSecret: null,
  };
}

function sharedSecretPlan({ auth }: Values, name: string): AuthPlan {
  const settings = auth.sharedSecret;
  const own = settings.existingSecret === '';
  const bearer = mountKeys(
    'bearer',
    own ? `${name}-shared-secret` : settings.existingSecret,
    MOUNTS.bearer,
    [own ? 'shared-secret' : settings.existingSecretKey],
  );
  const { credentials, mount } = robotPlan(settings);
  return {
    server: {
      mode: 'sharedSecret',
      bearerFile: `${bearer.directory}/${bearer.keys[0] ?? ''}`,
      account: settings.rucioAccount,
      credentials,
    },
    secrets: [bearer, mount],
    bearerSecret: own
      ? { name: bearer.secret, key: 'shared-secret', value: settings.secretValue }
      : null,
  };
}

type SharedSecretValues = Values['auth']['sharedSecret'];
type AuthType = (typeof AUTH_TYPES)[number];

/** Credentials and the Secret that holds them; {@link valuesRules} has made sure of the keys. */
function robotPlan(settings: SharedSecretValues): {
  credentials: RobotCredentials;
  mount: SecretMount;
} {
  const type = settings.authType as AuthType;
  const rucio = (secret: string, keys: string[], directory: string = MOUNTS.rucio) =>
    mountKeys('rucio-credentials', secret, directory, keys);
  const at = (mount: SecretMount, key: string) => `${mount.directory}/${key}`;
  switch (type) {
    case 'userpass':
    case 'saml': {
      const { existingSecret, usernameKey, passwordKey } = settings[type];
      const mount = rucio(existingSecret, [usernameKey, passwordKey]);
      const usernameFile = at(mount, usernameKey);
      return {
        credentials: { type, usernameFile, passwordFile: at(mount, passwordKey) },
        mount,
      };
    }
    case 'x509': {
      const { existingSecret, certKey, keyKey, mountPath } = settings.x509;
      const mount = rucio(existingSecret, [certKey, keyKey], mountPath);
      return {
        credentials: { type, certFile: at(mount, certKey), keyFile: at(mount, keyKey) },
        mount,
      };
    }
    case 'x509_proxy': {
      const { existingSecret, proxyKey, mountPath } = settings.x509;
      const mount = rucio(existingSecret, [proxyKey], mountPath);
      return { credentials: { type, proxyFile: at(mount, proxyKey) }, mount };
    }
    case 'ssh': {
      const { existingSecret, privateKeyKey } = settings.ssh;
      const mount = rucio(existingSecret, [privateKeyKey]);
      return { credentials: { type, privateKeyFile: at(mount, privateKeyKey) }, mount };
    }
    case 'gss': {
      const { existingSecret, keytabKey, principal } = settings.gss;
      const mount = rucio(existingSecret, [keytabKey]);
      return { credentials: { type, principal, keytabFile: at(mount, keytabKey) }, mount };
    }
    case 'oidc': {
      const { existingSecret, clientIdKey, clientSecretKey, ...rest } = settings.oidc;
      const mount = rucio(existingSecret, [clientIdKey, clientSecretKey]);
      const files = {
        clientIdFile: at(mount, clientIdKey),
        clientSecretFile: at(mount, clientSecretKey),
      };
      return { credentials: { type, ...files, ...rest }, mount };
    }
  }
}

function mountKeys(volume: string, secret: string, directory: string, keys: string[]): SecretMount {
  return { volume, secret, directory, keys: [...new Set(keys)] };
}

/** Whether clients reach the server without TLS and not on this machine. */
export function isInsecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopbackHost(hostname);
}
