import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type RealRucio, startRealRucio } from '../real-rucio/start-real-rucio';
import { type Certificates, type KeyPair, makeCertificates } from './certificates';
import { addRobotIdentity } from './robot-identity';
import { type RobotProvider, rucioConfigurationFor, startRobotProvider } from './robot-provider';
import { startFront } from './start-front';

/** A real Rucio where the account `robot` can sign in in every way. */
export interface RobotRucio {
  readonly real: RealRucio;
  /** The same Rucio over TLS. */
  readonly tlsUrl: string;
  readonly certificates: Certificates;
  readonly provider: RobotProvider;
  /** The robot's certificate. */
  readonly robot: KeyPair;
  /** Maps an identity to the account `robot`. */
  addIdentity(authtype: 'X509' | 'SSH' | 'OIDC', identity: string): Promise<void>;
  /** Writes a file and returns its path. */
  file(content: string): Promise<string>;
  /** A new directory. */
  directory(): Promise<string>;
  stop(): Promise<void>;
}

/** @param fixture - what the real Rucio is made from */
export async function startRobotRucio(fixture: string): Promise<RobotRucio> {
  const files = await mkdtemp(join(tmpdir(), 'robot-rucio-'));
  const certificates = await makeCertificates(files);
  const robot = await certificates.client('Robot');
  const real = await startRealRucio(fixture);
  const provider = await startRobotProvider(certificates);
  const configuration = await rucioConfigurationFor(provider, files);
  const front = await startFront(real, { directory: fixture, certificates, configuration });
  const addIdentity: RobotRucio['addIdentity'] = (authtype, identity) =>
    addRobotIdentity(real.url, authtype, identity);
  await addIdentity('X509', 'CN=Robot,O=Demo');
  let written = 0;
  return {
    real,
    tlsUrl: front.url,
    certificates,
    provider,
    robot,
    addIdentity,
    file: async (content) => {
      written += 1;
      const path = join(files, `secret-${written}`);
      await writeFile(path, content);
      return path;
    },
    directory: () => mkdtemp(join(files, 'directory-')),
    stop: async () => {
      await front.stop();
      await provider.stop();
      await real.stop();
      await rm(files, { recursive: true });
    },
  };
}
