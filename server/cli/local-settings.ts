import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ConfigError, type ConfigIssue } from '../../lib/contract/issues';
import { SITE_PRESETS, Site, isSitePreset } from '../../lib/contract/sites';
import { AccountName, HttpsOrigin } from '../../lib/contract/server-document';
import type { KerberosEnvironment } from '../rucio/sign-in/kerberos-token';
import { LOCAL_VARIABLES, type LocalEnvironment } from './environment';
import { type RucioCfg, readRucioCfg } from './rucio-cfg';

/** Options of the command; they win over the environment, which wins over `rucio.cfg`. */
export interface LocalOptions {
  readonly site?: string | undefined;
  readonly rucioCfg?: string | undefined;
  readonly account?: string | undefined;
  readonly authType?: string | undefined;
}

/** How the user signs in, by files that are theirs. */
export type LocalCredentials =
  | { readonly type: 'userpass'; readonly username: string; readonly password: string }
  | {
      readonly type: 'saml';
      readonly username: string;
      readonly password: string;
      /** Origin; the password is sent nowhere else. */
      readonly identityProvider: string;
    }
  | { readonly type: 'x509'; readonly certFile: string; readonly keyFile: string }
  | { readonly type: 'x509_proxy'; readonly proxyFile: string }
  | { readonly type: 'ssh'; readonly privateKeyFile: string }
  | { readonly type: 'gss'; readonly environment: KerberosEnvironment }
  | { readonly type: 'oidc'; readonly token: string | undefined; readonly tokenFiles: string[] };

export const LOCAL_AUTH_TYPES = [
  'userpass',
  'x509',
  'x509_proxy',
  'ssh',
  'gss',
  'saml',
  'oidc',
] as const;

export interface LocalSettings {
  /** The configuration that was read; `undefined` where there is none. */
  readonly file: string | undefined;
  readonly site: Site;
  readonly account: string;
  readonly credentials: LocalCredentials;
  /** Where certification authorities are: a file or a directory; `undefined`: Node's own. */
  readonly ca: string | undefined;
}

/** Where Rucio's own clients look for `rucio.cfg`, in their order. */
export function cfgCandidates(env: LocalEnvironment, option: string | undefined): string[] {
  if (option !== undefined) return [option];
  if (env.config !== undefined) return [env.config];
  return [
    ...(env.rucioHome === undefined ? [] : [join(env.rucioHome, 'etc/rucio.cfg')]),
    ...(env.virtualEnv === undefined ? [] : [join(env.virtualEnv, 'etc/rucio.cfg')]),
    '/opt/rucio/etc/rucio.cfg',
  ];
}

/**
 * Settles where Rucio is and as whom to work there, as Rucio's own clients do.
 *
 * @throws {ConfigError} with everything that is missing or wrong, and how to mend it
 */
export function localSettings(options: LocalOptions, env: LocalEnvironment): LocalSettings {
  const candidates = cfgCandidates(env, options.rucioCfg);
  const named = options.rucioCfg ?? env.config;
  const file = named ?? candidates.find((path) => existsSync(path));
  const cfg = file === undefined ? new Map<string, ReadonlyMap<string, string>>() : readCfg(file);
  const client = (key: string) => cfg.get('client')?.get(key) || undefined;
  const issues: ConfigIssue[] = [];
  const site = siteOf(options, env, client, issues);
  const account = options.account ?? env.account ?? client('account');
  if (account === undefined || !AccountName.safeParse(account).success) {
    issues.push({
      path: ['account'],
      message: account === undefined ? 'is not set' : 'is no name of a Rucio account',
      fix: `set ${LOCAL_VARIABLES.account}, --account, or account in [client] of rucio.cfg`,
    });
  }
  const credentials = credentialsOf(options, env, client, issues);
  if (issues.length > 0 || site === undefined || credentials === undefined) {
    const looked = file ?? `no rucio.cfg (looked for ${candidates.join(', ')})`;
    throw new ConfigError(issues, `the local configuration: ${looked}`);
  }
  const ca = expandPath(env.certDir ?? client('ca_cert'), env);
  return { file, site, account: account ?? '', credentials, ca };
}

function readCfg(file: string): RucioCfg {
  try {
    return readRucioCfg(file);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      [{ path: ['rucio.cfg'], message, fix: `mend the file, or name another by --rucio-cfg` }],
      'the local configuration',
    );
  }
}

type Client = (key: string) => string | undefined;

function siteOf(
  { site: name }: LocalOptions,
  env: LocalEnvironment,
  client: Client,
  issues: ConfigIssue[],
): Site | undefined {
  const preset = name !== undefined && isSitePreset(name) ? SITE_PRESETS[name] : undefined;
  const rucioHost = preset?.rucioHost ?? client('rucio_host');
  const authHost = preset?.authHost ?? client('auth_host') ?? rucioHost;
  if (rucioHost === undefined) {
    issues.push({
      path: ['rucio_host'],
      message: 'is not set',
      fix: 'write rucio_host and auth_host into [client] of rucio.cfg, or name a known site by --site',
    });
    return undefined;
  }
  const vo = env.vo ?? client('vo');
  const parsed = Site.safeParse({
    ...preset,
    name: name ?? 'rucio',
    rucioHost,
    authHost,
    ...(vo === undefined ? {} : { vo }),
  });
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    issues.push({
      path: path.map((part) => (typeof part === 'number' ? part : String(part))),
      message,
    });
  }
  return undefined;
}

function credentialsOf(
  options: LocalOptions,
  env: LocalEnvironment,
  client: Client,
  issues: ConfigIssue[],
): LocalCredentials | undefined {
  const type = options.authType ?? env.authType ?? client('auth_type');
  const isMissing = (key: string, value: string | undefined, fix: string): value is undefined => {
    if (value === undefined) issues.push({ path: [key], message: 'is not set', fix });
    return value === undefined;
  };
  switch (type) {
    case 'userpass':
    case 'saml': {
      const [username, password] = [client('username'), client('password')];
      const fix = 'write username and password into [client] of rucio.cfg';
      if (isMissing('username', username, fix) || isMissing('password', password, fix)) {
        return undefined;
      }
      if (type === 'userpass') return { type, username, password };
      const identityProvider = identityProviderOf(client, issues);
      return identityProvider === undefined
        ? undefined
        : { type, username, password, identityProvider };
    }
    case 'x509': {
      const certFile = expandPath(env.clientCert ?? client('client_cert'), env);
      const keyFile = expandPath(env.clientKey ?? client('client_key'), env);
      const fix = `set ${LOCAL_VARIABLES.clientCert} and ${LOCAL_VARIABLES.clientKey}`;
      if (isMissing('client_cert', certFile, fix) || isMissing('client_key', keyFile, fix)) {
        return undefined;
      }
      return { type, certFile, keyFile };
    }
    case 'x509_proxy': {
      const named = env.clientProxy ?? client('client_x509_proxy') ?? env.userProxy;
      const usual = join(tmpdir(), `x509up_u${userId()}`);
      return { type, proxyFile: expandPath(named, env) ?? usual };
    }
    case 'ssh': {
      const usual = env.home === undefined ? undefined : join(env.home, '.ssh/id_rsa');
      const privateKeyFile = expandPath(client('ssh_private_key'), env) ?? usual;
      const fix = 'write ssh_private_key into [client] of rucio.cfg';
      return isMissing('ssh_private_key', privateKeyFile, fix)
        ? undefined
        : { type, privateKeyFile };
    }
    case 'gss':
      return { type, environment: kerberosEnvironment(env) };
    case 'oidc':
      return { type, token: env.bearerToken, tokenFiles: bearerFiles(env) };
    default:
      issues.push({
        path: ['auth_type'],
        message: type === undefined ? 'is not set' : `can not be used here`,
        expected: LOCAL_AUTH_TYPES.join(', '),
        fix: `set ${LOCAL_VARIABLES.authType}, --auth-type, or auth_type in [client] of rucio.cfg`,
      });
      return undefined;
  }
}

/** What tells Kerberos where the user's tickets are. */
function kerberosEnvironment(env: LocalEnvironment): KerberosEnvironment {
  const names = ['path', 'home', 'krb5Config', 'krb5Cache', 'krb5ClientKeytab'] as const;
  const entries = names.map((name) => [LOCAL_VARIABLES[name], env[name] ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** A key of ours: Rucio's own clients send the password wherever Rucio says. */
function identityProviderOf(client: Client, issues: ConfigIssue[]): string | undefined {
  const given = client('saml_identity_provider');
  const parsed = HttpsOrigin.safeParse(given);
  if (parsed.success) return parsed.data;
  issues.push({
    path: ['saml_identity_provider'],
    message: given === undefined ? 'is not set' : 'is not the origin of an https URL',
    expected: 'where the password may be sent, such as https://idp.example.org',
    fix: 'write saml_identity_provider into [client] of rucio.cfg',
  });
  return undefined;
}

/** Where a bearer token may be, in the order of discovery. */
function bearerFiles(env: LocalEnvironment): string[] {
  if (env.bearerTokenFile !== undefined) return [env.bearerTokenFile];
  const name = `bt_u${userId()}`;
  return [
    ...(env.runtimeDir === undefined ? [] : [join(env.runtimeDir, name)]),
    join(tmpdir(), name),
  ];
}

function userId(): number {
  return process.getuid?.() ?? 0;
}

/** `~` and `$HOME` as the shell has them; Rucio's clients take both. */
function expandPath(path: string | undefined, { home }: LocalEnvironment): string | undefined {
  if (path === undefined || home === undefined) return path;
  return path.replace(/^~(?=\/|$)/, home).replace(/\$(HOME\b|\{HOME\})/g, home);
}
