import type { FastifyServerOptions } from 'fastify';

import type { LogLevel } from '../lib/contract/server-document';

/** Where secrets could stand in what we log. Nothing logs them on purpose; this is the net below. */
const REDACTED = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-rucio-auth-token',
  'x-rucio-password',
  'x-rucio-username',
].flatMap((name) => [
  `["${name}"]`,
  `headers["${name}"]`,
  `req.headers["${name}"]`,
  `err.headers["${name}"]`,
]);

/** Pino's names for our levels. */
const PINO_LEVELS = {
  error: 'error',
  warning: 'warn',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
} as const satisfies Record<LogLevel, string>;

/** Structured logs, one JSON object a line on standard output. */
export function loggerOptions(level: LogLevel): NonNullable<FastifyServerOptions['logger']> {
  return {
    level: PINO_LEVELS[level],
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[redacted]' },
  };
}
