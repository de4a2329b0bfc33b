import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Limits, type ServerDocument, ToolSelection } from '../../lib/contract/server-document';
import { Site } from '../../lib/contract/sites';

/** A bearer that is long enough; tests that want another write the file anew. */
export const TEST_BEARER = '0123456789abcdef0123456789abcdef';

export interface TestDocument {
  readonly document: ServerDocument;
  readonly bearerFile: string;
  readonly cleanUp: () => Promise<void>;
}

/**
 * A server document for one site at `rucioUrl`, with its secrets in files of a directory of its own.
 *
 * @param change - applied to the finished document
 */
export async function testDocument(
  rucioUrl: string,
  change: (document: ServerDocument) => ServerDocument = (document) => document,
): Promise<TestDocument> {
  const directory = await mkdtemp(path.join(tmpdir(), 'rucio-mcp-test-'));
  const secret = async (name: string, content: string) => {
    const file = path.join(directory, 'secrets', name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  const bearerFile = await secret('bearer', `${TEST_BEARER}\n`);
  const document: ServerDocument = {
    version: 1,
    listen: { host: '127.0.0.1', port: 9000, metricsHost: '127.0.0.1', metricsPort: 9001 },
    publicUrl: null,
    supportContact: null,
    allowedHosts: [],
    allowedOrigins: [],
    trustedProxies: [],
    logLevel: 'error',
    readOnly: true,
    tools: ToolSelection.parse({}),
    limits: Limits.parse({}),
    drainSeconds: 1,
    tracing: null,
    sites: [Site.parse({ name: 'demo', title: 'Demo', rucioHost: rucioUrl, authHost: rucioUrl })],
    auth: {
      mode: 'sharedSecret',
      bearerFile,
      account: 'robot',
      credentials: {
        type: 'userpass',
        usernameFile: await secret('username', 'robot'),
        passwordFile: await secret('password', 'robotpwd'),
      },
    },
  };
  return {
    document: change(document),
    bearerFile,
    cleanUp: () => rm(directory, { recursive: true, force: true }),
  };
}
