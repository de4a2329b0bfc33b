import { ConfigError, type ConfigIssue } from './issues';
import { type ParseResult, parseDocument } from './parse';
import { type Release, appName, fullName } from './release';
import { type AuthPlan, authPlan } from './plan-auth';
import { type ServerAuth, type ServerDocument, readServerDocument } from './server-document';
import { SITE_PRESETS, Site, isLoopbackHost, isSitePreset } from './sites';
import { splitAddresses } from './values/exposure';
import { unservedRules } from './values/availability';
import { coerceNumbers } from './values/coerce';
import { notesOf } from './values/notes';
import { valuesRules } from './values/rules';
import { Values } from './values/values';

/** Keys of one Secret, mounted as files into one directory. */
export interface SecretMount {
  /** Name of the volume. */
  readonly volume: string;
  readonly secret: string;
  readonly directory: string;
  /** The keys that are mounted, each as a file of its name; `[]` for all of the Secret. */
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
  /** Whether everything that would not serve was refused; `false` with `allowUnserved`. */
  readonly isServed: boolean;
  /** What an operator should know about the values; none of it stops the synth. */
  readonly notes: readonly ConfigIssue[];
}

export interface ReadOptions {
  /**
   * Turns refusals of what is sound, but would not serve, into notes: to look at manifests, to
   * compare and to prepare them.
   */
  readonly allowUnserved?: boolean;
}

/**
 * Parses values and derives everything from them; all problems at once.
 *
 * @param input - what an operator wrote, as parsed YAML
 */
export function readValues(
  input: unknown,
  release: Release,
  { allowUnserved = false }: ReadOptions = {},
): ParseResult<Plan> {
  const rules = [...valuesRules(release), ...(allowUnserved ? [] : unservedRules)];
  const parsed = parseDocument(Values, coerceNumbers(Values, input ?? {}), rules);
  if (!parsed.ok) return { ok: false, issues: parsed.issues.map((it) => asTheChart(it, input)) };
  const values = parsed.value;
  const plan = toPlan(values, release);
  // The very parser that the server starts with: what synthesizes is what it accepts.
  const server = readServerDocument(plan.server);
  if (!server.ok && !allowUnserved && values.runtime.kind !== 'pixi') return server;
  const unserved = allowUnserved ? unservedRules.flatMap(({ check }) => check(values)) : [];
  const notes = [...notesOf(values, release, Values.parse({})), ...unserved];
  return {
    ok: true,
    value: {
      ...plan,
      notes,
      isServed: !allowUnserved,
      server: server.ok ? server.value : plan.server,
    },
  };
}

/** A mode that does not exist is told in the words of the chart, which scripts may look for. */
function asTheChart(issue: ConfigIssue, input: unknown): ConfigIssue {
  if (issue.path.join('.') !== 'auth.mode') return issue;
  const auth = (input as { readonly auth?: { readonly mode?: unknown } } | undefined)?.auth;
  const mode = auth?.mode;
  if (typeof mode !== 'string' || !/^[A-Za-z_-]{1,20}$/.test(mode)) return issue;
  if (mode === 'oidc' || mode === 'sharedSecret') return issue;
  const message = `auth.mode must be 'oidc' or 'sharedSecret', got "${mode}"`;
  return { ...issue, message };
}

/**
 * Like {@link readValues}, for callers that have nothing to do without a plan.
 *
 * @throws {ConfigError} with every problem
 */
export function planFrom(
  input: unknown,
  release: Release,
  { subject = 'the values', ...options }: ReadOptions & { readonly subject?: string } = {},
): Plan {
  const result = readValues(input, release, options);
  if (!result.ok) throw new ConfigError(result.issues, subject);
  return result.value;
}

function toPlan(values: Values, release: Release): Omit<Plan, 'notes' | 'isServed'> {
  const name = fullName(release, values);
  const auth: AuthPlan = authPlan(values, name);
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
    supportContact: values.server.supportContact || null,
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
    tracing: tracing(values),
    sites: values.auth.sites.map((choice) => {
      const site = withRobotsAuthorities(toSite(choice), values);
      return { ...site, ...values.server.brands[site.name] };
    }),
    auth,
  };
}

/** The names by which clients inside the cluster call the Service. */
function serviceHosts(service: string, namespace: string): string[] {
  return ['', `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`].map(
    (suffix) => `${service}${suffix}`,
  );
}

function tracing({ tracing: { endpoint, ...rest } }: Values): ServerDocument['tracing'] {
  return endpoint === '' ? null : { endpoint, ...rest };
}

function trustedProxies(ips: Values['forwardedAllowIps']): string[] {
  return typeof ips === 'string' ? splitAddresses(ips) : [...ips];
}

function toSite(choice: Values['auth']['sites'][number]): Site {
  if (typeof choice !== 'string') return choice;
  if (!isSitePreset(choice)) throw new TypeError(`no preset "${choice}"`); // The schema has an enum.
  return Site.parse(SITE_PRESETS[choice]);
}

/** `x509CertDir` is for the one site that the robot works at; its own `caFile` says more. */
function withRobotsAuthorities(site: Site, { auth }: Values): Site {
  const { x509CertDir } = auth.sharedSecret;
  return auth.mode === 'sharedSecret' && x509CertDir !== '' && site.caFile === undefined
    ? { ...site, caFile: x509CertDir }
    : site;
}

/** Whether clients reach the server without TLS and not on this machine. */
export function isInsecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopbackHost(hostname);
}
