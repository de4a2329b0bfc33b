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

/** Where log lines go. */
export interface LogStream {
  readonly write: (line: string) => void;
}

/**
 * Structured logs, one JSON object a line.
 *
 * @param stream - default: standard output
 */
export function loggerOptions(
  level: LogLevel,
  stream?: LogStream,
): NonNullable<FastifyServerOptions['logger']> {
  return {
    ...(stream === undefined ? {} : { stream }),
    level: PINO_LEVELS[level],
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED, censor: '[redacted]' },
  };
}
