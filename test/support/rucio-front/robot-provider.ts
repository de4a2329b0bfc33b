import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Certificates } from './certificates';

/** An identity provider with the client `robot-client`, whose secret is `not: so secret/+`. */
export interface RobotProvider {
  /** Plain http on loopback. */
  readonly issuer: string;
  /** https, with the certificate of the front. */
  readonly tokenEndpoint: string;
  stop(): Promise<void>;
}

export const ROBOT_CLIENT = { id: 'robot-client', secret: 'not: so secret/+' };

/** In a process of its own: it is made of modules that only Node itself can load. */
export async function startRobotProvider({ host }: Certificates): Promise<RobotProvider> {
  const child = spawn(
    process.execPath,
    [join(__dirname, 'serve-provider.mjs'), host.certFile, host.keyFile],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const lines = createInterface({ input: child.stdout });
  const exit = once(child, 'exit');
  const line = await Promise.race([once(lines, 'line'), exit]);
  if (typeof line[0] !== 'string') throw new Error(`the provider does not come up:\n${log}`);
  return {
    ...(JSON.parse(line[0]) as Pick<RobotProvider, 'issuer' | 'tokenEndpoint'>),
    stop: async () => {
      child.stdin.end();
      await exit;
    },
  };
}

/** What a Rucio server must know to believe in the provider. Written below a directory. */
export async function rucioConfigurationFor(
  { issuer }: RobotProvider,
  directory: string,
): Promise<string> {
  const client = { client_id: 'rucio', client_secret: 'unused' };
  const secrets = join(directory, 'idpsecrets.json');
  const provider = {
    ...client,
    issuer,
    redirect_uris: ['https://127.0.0.1/auth/oidc_code'],
    SCIM: client,
  };
  await writeFile(secrets, JSON.stringify({ test: provider }));
  return `[oidc]\nidpsecrets = ${secrets}\nadmin_issuer = test\n`;
}
