import { parseArgs } from 'node:util';

import { type ConfigIssue, ConfigError } from '../lib/contract/issues';
import { RUCIO_VARIABLES } from '../lib/contract/serve-arguments';
import {
  type RobotCredentials,
  type ServerDocument,
  parseServerDocument,
} from '../lib/contract/server-document';

/** What stands before the arguments. */
const COMMAND = 'serve';

const OPTIONS = {
  transport: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'metrics-port': { type: 'string' },
  'forwarded-allow-ips': { type: 'string' },
  'log-level': { type: 'string' },
  site: { type: 'string', multiple: true },
  'read-only': { type: 'boolean' },
  'auth-type': { type: 'string' },
  'resource-url': { type: 'string' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/**
 * The document with what the command line says laid over it: the arguments of `serve`, and the
 * variables of Rucio's own clients. They are the same as those of the Python server, so that a
 * Deployment shows what it runs, and `kubectl edit` changes it. Without `serve` the document stands
 * alone.
 *
 * @param argv - of the process
 * @param subject - what to call the document in messages
 * @throws {ConfigError} when an argument is unknown or contradicts the document
 */
export function withCommandLine(
  document: ServerDocument,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  subject: string,
): ServerDocument {
  const start = argv.indexOf(COMMAND);
  if (start < 0) return document;
  const where = `the arguments of "${COMMAND}"`;
  const flags = readFlags(argv.slice(start + 1), where);
  const issues = contradictions(document, flags, env);
  if (issues.length > 0) throw new ConfigError(issues, where);
  const { listen } = document;
  const proxies = flags['forwarded-allow-ips'];
  const changed = {
    ...document,
    listen: {
      host: flags.host ?? listen.host,
      port: portOf(flags.port) ?? listen.port,
      metricsHost: flags.host ?? listen.metricsHost,
      metricsPort: portOf(flags['metrics-port']) ?? listen.metricsPort,
    },
    publicUrl: flags['resource-url']?.replace(/\/+$/, '') ?? document.publicUrl,
    trustedProxies: proxies?.split(',').map((part) => part.trim()) ?? document.trustedProxies,
    logLevel: flags['log-level'] ?? document.logLevel,
    readOnly: flags['read-only'] ?? document.readOnly,
    sites: flags.site?.flatMap((name) => document.sites.filter((site) => site.name === name)),
    auth: authOf(document, env),
  };
  return parseServerDocument(
    { ...changed, sites: changed.sites ?? document.sites },
    `${subject} with ${where}`,
  );
}

function readFlags(args: string[], where: string): Flags {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw new ConfigError(
      [{ path: [], message, fix: `known: --${Object.keys(OPTIONS).join(', --')}` }],
      where,
    );
  }
}

function contradictions(
  { sites, auth }: ServerDocument,
  flags: Flags,
  env: NodeJS.ProcessEnv,
): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const complain = (flag: string, message: string, fix: string) => {
    issues.push({ path: [flag], message, fix });
  };
  if (flags.transport !== undefined && flags.transport !== 'http') {
    complain('--transport', 'is not "http"', 'remove it: the server speaks HTTP only');
  }
  for (const name of flags.site ?? []) {
    if (!sites.some((site) => site.name === name)) {
      complain('--site', `"${name}" is not in the document`, 'add it to auth.sites');
    }
  }
  if (auth.mode !== 'sharedSecret') return issues;
  const types = {
    '--auth-type': flags['auth-type'],
    [RUCIO_VARIABLES.authType]: env[RUCIO_VARIABLES.authType],
  };
  for (const [name, type] of Object.entries(types)) {
    if (type !== undefined && type !== '' && type !== auth.credentials.type) {
      complain(
        name,
        `is not that of the document, ${auth.credentials.type}`,
        'change auth.sharedSecret.authType: each type needs its own files',
      );
    }
  }
  return issues;
}

function authOf({ auth }: ServerDocument, env: NodeJS.ProcessEnv): ServerDocument['auth'] {
  if (auth.mode !== 'sharedSecret') return auth;
  return {
    ...auth,
    account: env[RUCIO_VARIABLES.account] || auth.account,
    credentials: credentialsOf(auth.credentials, env),
  };
}

function credentialsOf(given: RobotCredentials, env: NodeJS.ProcessEnv): RobotCredentials {
  if (given.type === 'x509') {
    return {
      ...given,
      certFile: env[RUCIO_VARIABLES.clientCert] || given.certFile,
      keyFile: env[RUCIO_VARIABLES.clientKey] || given.keyFile,
    };
  }
  if (given.type === 'x509_proxy') {
    return { ...given, proxyFile: env[RUCIO_VARIABLES.userProxy] || given.proxyFile };
  }
  return given;
}

/** Not a number: the document's own check tells it. */
function portOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
