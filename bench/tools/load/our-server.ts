import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Limits, type ServerDocument, ToolSelection } from '../../../lib/contract/server-document';
import { ENVIRONMENT } from '../../../lib/contract/endpoints';
import { Site } from '../../../lib/contract/sites';
import { bundleServer } from '../../../scripts/build/bundle-code';
import { freePorts } from '../../../scripts/pod/free-ports';
import { type Endpoint, waitForHttp } from './endpoint';
import { startProgram } from './process';
import { REVISIONS } from './target';

const ROOT = join(import.meta.dirname, '../../..');

export interface OurServerOptions {
  /** Where Node writes a CPU profile of the server, if it is to. */
  readonly profileDirectory?: string | undefined;
  /** Path of the Node that it runs on; default: the one that measures. */
  readonly node?: string | undefined;
}

/** Our server as the pod runs it, in a process of its own, for a Rucio at `rucioUrl`. */
export async function startOurServer(
  rucioUrl: string,
  { profileDirectory, node = process.execPath }: OurServerOptions = {},
): Promise<Endpoint> {
  const directory = await mkdtemp(join(tmpdir(), 'rucio-bench-'));
  const bearer = randomBytes(24).toString('hex');
  const file = async (name: string, content: string) => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const document: ServerDocument = {
    version: 1,
    listen: { host: '127.0.0.1', port, metricsHost: '127.0.0.1', metricsPort },
    publicUrl: null,
    supportContact: null,
    allowedHosts: [],
    allowedOrigins: [],
    trustedProxies: [],
    logLevel: 'info',
    readOnly: true,
    tools: ToolSelection.parse({}),
    limits: Limits.parse({ rucioConnections: 128 }),
    drainSeconds: 1,
    tracing: null,
    sites: [Site.parse({ name: 'bench', rucioHost: rucioUrl, authHost: rucioUrl })],
    auth: {
      mode: 'sharedSecret',
      bearerFile: await file('bearer', bearer),
      account: 'root',
      credentials: {
        type: 'userpass',
        usernameFile: await file('username', 'root'),
        passwordFile: await file('password', 'secret'),
      },
    },
  };
  const config = await file('server.json', JSON.stringify(document));
  await bundleServer(ROOT, directory);
  const profiling =
    profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const program = startProgram(node, [...profiling, join(directory, 'server.cjs')], {
    env: { PATH: process.env['PATH'], [ENVIRONMENT.config]: config },
  });
  const url = `http://127.0.0.1:${port}/site/bench`;
  await waitForHttp(`http://127.0.0.1:${port}/healthz`, program);
  return {
    name: 'this server',
    url,
    headers: { authorization: `Bearer ${bearer}` },
    revisions: REVISIONS,
    program,
    stop: async () => {
      await program.stop();
      await rm(directory, { recursive: true });
    },
  };
}
