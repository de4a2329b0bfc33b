import type { AddressInfo } from 'node:net';

import type { ServerDocument } from '../../lib/contract/server-document';
import { type App, buildApp } from '../../server/app';
import { Metrics } from '../../server/plugins/metrics';
import { TEST_BEARER, testDocument } from './test-document';

export interface TestApp {
  readonly app: App;
  readonly document: ServerDocument;
  readonly bearerFile: string;
  /** `http://127.0.0.1:<port>` of the MCP listener. */
  readonly url: string;
  readonly metricsUrl: string;
  /** The MCP endpoint of the site `demo`. */
  readonly endpoint: string;
  readonly close: () => Promise<void>;
}

export interface TestAppOptions {
  /** Base URL of the Rucio behind it; by default one that refuses connections. */
  readonly rucioUrl?: string;
  readonly change?: (document: ServerDocument) => ServerDocument;
}

/** The real server on a port of its own, without a process around it. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const made = await testDocument(options.rucioUrl ?? 'http://127.0.0.1:1', options.change);
  const app = await buildApp(made.document, new Metrics());
  await app.main.listen({ host: '127.0.0.1', port: 0 });
  await app.metrics.listen({ host: '127.0.0.1', port: 0 });
  const url = addressOf(app.main.server.address());
  return {
    app,
    document: made.document,
    bearerFile: made.bearerFile,
    url,
    metricsUrl: addressOf(app.metrics.server.address()),
    endpoint: `${url}/site/demo`,
    close: async () => {
      await app.stop();
      await made.cleanUp();
    },
  };
}

function addressOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new TypeError('not listening');
  return `http://127.0.0.1:${address.port}`;
}

/** Headers of a well-formed MCP request. */
export const MCP_HEADERS = {
  authorization: `Bearer ${TEST_BEARER}`,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
} as const;

/** A 2025-era request: no handshake is needed, since the server is stateless. */
export function message(method: string, params: object = {}, id = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

/** What the server answered to one message, whether as JSON or as a stream of one event. */
export async function answerOf(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  const data = /^data: (.*)$/m.exec(text)?.[1];
  return JSON.parse(data ?? text) as Record<string, unknown>;
}
