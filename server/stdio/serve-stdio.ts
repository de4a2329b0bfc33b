import { serveStdio } from '@modelcontextprotocol/server/stdio';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import { readFile } from 'node:fs/promises';

import { SCOPES } from '../../lib/contract/scopes';
import { Limits, type LogLevel, type ToolSelection } from '../../lib/contract/server-document';
import type { LocalSettings } from '../cli/local-settings';
import { loggerOptions } from '../logging';
import { Offers } from '../mcp/offers';
import { buildMcpServer } from '../mcp/server-factory';
import { Metrics } from '../plugins/metrics';
import { createSealer } from '../sealer';
import { ALL_TOOLS } from '../tools/index';
import { localRucio } from './local-rucio';
import { NO_TRACING } from '../tracing/tracing';

export interface StdioOptions {
  readonly settings: LocalSettings;
  readonly readOnly: boolean;
  readonly tools: ToolSelection;
  readonly logLevel: LogLevel;
}

/** Logs belong to standard error: standard output is the protocol's. */
function stderrLog(level: LogLevel): FastifyBaseLogger {
  const options = loggerOptions(level);
  const logger = { ...(typeof options === 'object' ? options : {}), stream: process.stderr };
  return Fastify({ logger }).log;
}

/**
 * Serves one user over standard input and output, until the client closes its end.
 *
 * @throws {ConfigError} when the user's credentials can not be used
 */
export async function serveOverStdio({
  settings,
  readOnly,
  tools,
  logLevel,
}: StdioOptions): Promise<void> {
  const log = stderrLog(logLevel);
  const rucio = await localRucio(settings);
  const { site, account, credentials } = settings;
  const offers = new Offers(site, ALL_TOOLS, {
    selection: tools,
    readOnly,
    authMode: 'sharedSecret',
  });
  const principal = {
    account,
    scopes: readOnly ? [SCOPES.read] : [SCOPES.read, SCOPES.write],
    rucio: rucio.client,
    ...(credentials.type === 'x509_proxy'
      ? { session: { readProxy: () => readFile(credentials.proxyFile, 'utf8') } }
      : {}),
  };
  const deps = {
    metrics: new Metrics(),
    log,
    sealer: createSealer(),
    tracing: NO_TRACING,
    deadlineMs: Limits.parse({}).callSeconds * 1000,
    // The process ends with its client: nobody is left to be told.
    stopping: new AbortController().signal,
    confirmAboveBytes: tools.confirm.addRuleBytes,
  };
  const offer = offers.narrowed({ readOnly, wanted: undefined });
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const handle = serveStdio(() => buildMcpServer(offer, principal, deps), {
    onerror: (error) => log.debug({ err: error }, 'message refused'),
  });
  log.info(
    { site: site.name, account, authType: credentials.type, readOnly },
    'rucio-mcp is ready',
  );
  await ended;
  await handle.close();
  await rucio.close();
}
