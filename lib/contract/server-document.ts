import { z } from 'zod';

import { PORTS } from './endpoints';
import { duplicates } from './duplicates';
import { FilePath } from './file-path';
import { ConfigError, type ConfigIssue } from './issues';
import { type ParseResult, type Rule, parseDocument } from './parse';
import { Site, SupportContact } from './sites';
import { StaticClient, staticClients } from './static-clients';
import { TOOLSETS } from './toolsets';
import { TOOL_NAMES } from './tools';

/** Log levels, least to most. `warning` is the Python server's word. */
export const LOG_LEVELS = ['error', 'warning', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const Port = z.int().min(1).max(65_535).meta({ description: 'A TCP port, 1-65535' });

/** Rucio account names, as Rucio's generic schema has them. */
export const AccountName = z
  .string()
  .regex(/^[a-z0-9-_]{1,25}$/, {
    error: 'must be 1-25 lower-case letters, digits, hyphens or underscores',
  })
  .meta({ description: 'A Rucio account name' });

/**
 * A principal with its realm; a service has a host as well: `rucio/host.example.org@EXAMPLE.ORG`, an account of a
 * machine in Active Directory ends with `$`.
 */
export const KerberosPrincipal = z
  .string()
  .regex(/^[\w.$+-]+(\/[\w.$+-]+)*@[\w.-]+$/, {
    error: 'is no principal with a realm, such as robot@EXAMPLE.ORG',
  })
  .meta({ description: 'Kerberos principal of the robot, with its realm' });

const file = (description: string) => FilePath.meta({ description });

/** Scheme, host and port of an https URL. */
export const HttpsOrigin = z
  .string()
  .regex(/^https:\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$/, {
    error: 'is not "https://", a host and perhaps a port, such as https://idp.example.org',
  })
  .refine((text) => URL.canParse(text), { error: 'is no URL' });

/** Where a robot of `oidc` gets its tokens (RFC 6749 section 3.2). */
export const TokenEndpoint = z.url({
  protocol: /^https$/,
  error: 'is not an https URL such as https://idp.example.org/token',
});

/**
 * How the robot of `sharedSecret` mode signs in at Rucio; one arm an authentication type, each with
 * exactly its own files. The names are Rucio's (`RUCIO_AUTH_TYPE`).
 */
export const RobotCredentials = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('userpass'),
    usernameFile: file('File with the user name'),
    passwordFile: file('File with the password'),
  }),
  z.strictObject({
    type: z.literal('x509'),
    certFile: file('PEM file with the robot certificate'),
    keyFile: file('PEM file with its private key'),
  }),
  z.strictObject({
    type: z.literal('x509_proxy'),
    proxyFile: file('PEM file with the proxy certificate, its key and chain (RFC 3820)'),
  }),
  z.strictObject({
    type: z.literal('ssh'),
    privateKeyFile: file('PEM file with an RSA private key'),
  }),
  z.strictObject({
    type: z.literal('gss'),
    principal: KerberosPrincipal,
    keytabFile: file('Kerberos keytab'),
    krb5ConfFile: FilePath.nullable().meta({
      description: "Kerberos' configuration; null: that of the system, or else DNS",
    }),
  }),
  z.strictObject({
    type: z.literal('saml'),
    /** The password is sent nowhere else, whatever Rucio says. */
    identityProvider: HttpsOrigin.meta({
      description: 'Origin of the identity provider that the robot signs in at, https',
    }),
    usernameFile: file('File with the user name'),
    passwordFile: file('File with the password'),
  }),
  z.strictObject({
    type: z.literal('oidc'),
    tokenEndpoint: TokenEndpoint.meta({ description: "The identity provider's token endpoint" }),
    clientIdFile: file('File with the client id'),
    clientSecretFile: file('File with the client secret'),
    scope: z.string().min(1),
    audience: z.string().min(1),
  }),
]);
export type RobotCredentials = z.output<typeof RobotCredentials>;
export const AUTH_TYPES = RobotCredentials.options.map((arm) => arm.shape.type.value);

/** Without user and password: those are secrets. */
export const REDIS_URL = /^rediss?:\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?(\/\d{1,3})?$/;
export const NOT_A_REDIS_URL = 'is not a redis URL such as rediss://redis.example.com:6379/0';

/**
 * Shortest bearer that synth and server accept, in characters. 32 hexadecimal digits are 128 bits.
 */
export const MIN_BEARER_LENGTH = 32;

/** The state store of several pods. */
const Redis = z.strictObject({
  url: z.string().regex(REDIS_URL, { error: NOT_A_REDIS_URL }),
  username: z.string().meta({ description: "ACL user; empty: Redis' default user" }),
  passwordFile: FilePath.nullable(),
  caFile: FilePath.nullable().meta({
    description: "Certificates of the authority behind Redis' TLS; null: the usual authorities",
  }),
});

const SealingKeysFile = FilePath.nullable().meta({
  description: 'File with the keys that seal our tokens; null: one made at start',
});

/** Users sign in as themselves; one arm a kind of bearer that clients present. */
const OidcAuth = z.discriminatedUnion('tokenFormat', [
  z.strictObject({
    mode: z.literal('oidc'),
    tokenFormat: z.literal('jwe'),
    login: z.enum(['poll', 'code']),
    clients: staticClients(StaticClient),
    sealingKeysFile: SealingKeysFile,
    redis: Redis.nullable().meta({ description: 'What several pods share; null: this is one pod' }),
  }),
  z.strictObject({
    mode: z.literal('oidc'),
    tokenFormat: z.literal('passthrough'),
    /** For plans that wait for a confirmation only: no token is ours. */
    sealingKeysFile: SealingKeysFile,
  }),
]);

export const ServerAuth = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('sharedSecret'),
    bearerFile: file('File with the bearer that clients present'),
    account: AccountName,
    credentials: RobotCredentials,
  }),
  OidcAuth,
]);
export type ServerAuth = z.output<typeof ServerAuth>;
export type AuthMode = ServerAuth['mode'];

/** Bounds on what one request may cost. All of them hold, whatever the framework's defaults are. */
export const Limits = z.strictObject({
  bodyBytes: z.int().min(1024).max(16_777_216).default(1_048_576).meta({
    description: 'Largest request body, in bytes',
  }),
  headerBytes: z.int().min(4096).max(65_536).default(16_384).meta({
    description: 'Largest request head, in bytes',
  }),
  jsonDepth: z.int().min(8).max(512).default(64).meta({
    description: 'Deepest nesting of a request body',
  }),
  requestSeconds: z.int().min(1).max(600).default(30).meta({
    description: 'Time to receive a whole request, in seconds',
  }),
  callSeconds: z.int().min(1).max(900).default(60).meta({
    description: 'Time of one tool call, in seconds',
  }),
  rucioSeconds: z.int().min(1).max(600).default(30).meta({
    description: "Longest wait for Rucio's first byte, and between two chunks, in seconds",
  }),
  connections: z.int().min(16).max(100_000).default(10_000).meta({
    description:
      'Connections of clients that may be open at once; for one more, the longest idle is closed',
  }),
  concurrentCalls: z.int().min(1).max(10_000).default(256).meta({
    description: 'Tool calls that may run at once; more are refused with Retry-After',
  }),
  rucioConnections: z.int().min(1).max(1024).default(64).meta({
    description: 'Connections to one Rucio server',
  }),
});
export type Limits = z.output<typeof Limits>;

export const ToolSelection = z.strictObject({
  toolsets: z.array(z.enum(TOOLSETS)).min(1).default(['all']).meta({
    description: 'The groups of tools to list',
  }),
  enabled: z.array(z.enum(TOOL_NAMES)).default([]).meta({
    description: 'Single tools to list besides the toolsets',
  }),
  disabled: z.array(z.enum(TOOL_NAMES)).default([]).meta({
    description: 'Tools that are neither listed nor callable; wins over all else',
  }),
  confirm: z
    .strictObject({
      addRuleBytes: z.int().min(0).default(1_000_000_000_000).meta({
        description: 'A new rule for more bytes than this has to be confirmed',
      }),
    })
    .prefault({})
    .meta({ description: 'When the user has to agree to a change' }),
});
export type ToolSelection = z.output<typeof ToolSelection>;

/** A URL that carries no secret: it stands in a ConfigMap. */
export const COLLECTOR_URL = /^https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/;
export const NOT_A_COLLECTOR_URL =
  'is not the base URL of an OTLP/HTTP collector such as http://otel-collector.monitoring:4318';

/** Where traces go, and how many. */
export const TracingSettings = z.strictObject({
  endpoint: z.string().regex(COLLECTOR_URL, { error: NOT_A_COLLECTOR_URL }),
  sampleRatio: z.number().min(0).max(1),
  propagate: z.boolean(),
});
export type TracingSettings = z.output<typeof TracingSettings>;

/**
 * The document that the pod mounts and the server starts from: complete, without defaults left out,
 * without secrets (only the paths of their files).
 */
export const ServerDocument = z.strictObject({
  version: z.literal(1).meta({ description: 'Version of this document, 1' }),
  listen: z.strictObject({
    host: z.string().min(1).meta({ description: 'Address of the MCP listener' }),
    port: Port.default(PORTS.http),
    metricsHost: z.string().min(1).meta({ description: 'Address of the metrics listener' }),
    metricsPort: Port.default(PORTS.metrics),
  }),
  /** The URL that clients use, without path; never derived from request headers. */
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .meta({ description: 'Public base URL, or null when there is none' }),
  supportContact: SupportContact.nullable().meta({
    description: 'Where users find help; null when nobody has told',
  }),
  /** Host names accepted besides that of the public URL. */
  allowedHosts: z.array(z.string().min(1)),
  /** Origins of browser clients, besides that of the public URL. */
  allowedOrigins: z.array(z.url({ protocol: /^https?$/ })),
  /**
   * Proxies whose `X-Forwarded-For` is believed, as addresses or CIDR blocks. `*` is the direct peer,
   * whoever it is; then only the last address of the header counts.
   */
  trustedProxies: z.array(z.string().min(1)),
  logLevel: z.enum(LOG_LEVELS),
  readOnly: z.boolean().meta({ description: 'true: write tools are neither listed nor callable' }),
  tools: ToolSelection,
  limits: Limits,
  /** How long a stopping server lets running calls finish, in seconds. */
  drainSeconds: z.int().min(0).max(300),
  tracing: TracingSettings.nullable().default(null).meta({
    description: 'Where traces are sent; null: nowhere',
  }),
  sites: z.array(Site).min(1),
  auth: ServerAuth,
});
export type ServerDocument = z.output<typeof ServerDocument>;

const RULES: readonly Rule<ServerDocument>[] = [
  {
    reads: [['sites']],
    check: ({ sites }) =>
      duplicates(sites.map((site) => site.name)).map((index) => ({
        path: ['sites', index, 'name'],
        message: 'a site of this name is already in the list',
        fix: 'give every site its own name',
      })),
  },
  {
    reads: [['sites'], ['auth', 'mode']],
    check: ({ sites, auth }): ConfigIssue[] =>
      auth.mode === 'sharedSecret' && sites.length !== 1
        ? [
            {
              path: ['sites'],
              message: `auth.mode sharedSecret serves exactly one site, not ${sites.length}`,
              fix: 'keep one site: one robot, one Rucio',
            },
          ]
        : [],
  },
  {
    reads: [['publicUrl'], ['auth', 'mode']],
    check: ({ publicUrl, auth }): ConfigIssue[] =>
      auth.mode === 'oidc' && publicUrl === null
        ? [
            {
              path: ['publicUrl'],
              message: 'auth.mode oidc requires it',
              fix: 'set the URL that clients use: what they are told about tokens is made of it',
            },
          ]
        : [],
  },
  {
    reads: [['listen']],
    check: ({ listen }): ConfigIssue[] =>
      listen.port === listen.metricsPort
        ? [
            {
              path: ['listen', 'metricsPort'],
              message: 'is the same port as listen.port',
              fix: 'choose another port for metrics',
            },
          ]
        : [],
  },
];

/** Parses the server document; all problems at once. */
export function readServerDocument(input: unknown): ParseResult<ServerDocument> {
  return parseDocument(ServerDocument, input, RULES);
}

/**
 * Parses the server document or throws.
 *
 * @param subject - what to call the document in the message, e.g. its file name
 * @throws {ConfigError} with every problem
 */
export function parseServerDocument(input: unknown, subject: string): ServerDocument {
  const result = readServerDocument(input);
  if (!result.ok) throw new ConfigError(result.issues, subject);
  return result.value;
}
