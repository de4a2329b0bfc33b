import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type RealRucio, startRealRucio } from '../real-rucio/start-real-rucio';
import { type Certificates, makeCertificates } from '../rucio-front/certificates';
import { addRobotIdentity } from '../rucio-front/robot-identity';
import { type Apache, startApache } from './start-apache';
import { type Realm, startRealm } from './start-realm';

/** A real Rucio behind a real Apache that takes the tickets of a real KDC. */
export interface KerberosRucio {
  readonly real: RealRucio;
  readonly realm: Realm;
  /** `https://localhost:…`: Rucio, with `/auth/gss`. */
  readonly url: string;
  readonly certificates: Certificates;
  /** The principal that belongs to the account `robot`; see {@link Realm.keytab}. */
  readonly principal: string;
  /** Starts another Apache, with another keytab. */
  front(keytab: string): Promise<Apache>;
  stop(): Promise<void>;
}

/**
 * @param fixture - what the real Rucio is made from
 * @param modules - directory of Apache's modules
 */
export async function startKerberosRucio(fixture: string, modules: string): Promise<KerberosRucio> {
  const files = await mkdtemp(join(tmpdir(), 'kerberos-rucio-'));
  await chmod(files, 0o755);
  const certificates = await makeCertificates(files, ['localhost']);
  const realm = await startRealm();
  await Promise.all(
    ['robot', 'stranger', 'HTTP/localhost'].map((name) => realm.addPrincipal(name)),
  );
  const application = { directory: __dirname, name: 'remote_user:application' };
  const real = await startRealRucio(fixture, { application });
  const front = (keytab: string) =>
    startApache({ modules, realm, keytab, certificates, upstream: real.url });
  const apache = await front(await realm.keytab('HTTP/localhost'));
  const principal = `robot@${realm.name}`;
  await addRobotIdentity(real.url, 'GSS', principal);
  return {
    real,
    realm,
    url: apache.url,
    certificates,
    principal,
    front,
    stop: async () => {
      await apache.stop();
      await real.stop();
      await realm.stop();
      await rm(files, { recursive: true });
    },
  };
}
