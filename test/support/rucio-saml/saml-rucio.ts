import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type RealRucio, startRealRucio } from '../real-rucio/start-real-rucio';
import { type Certificates, makeCertificates } from '../rucio-front/certificates';
import { addRobotIdentity } from '../rucio-front/robot-identity';
import { startFront } from '../rucio-front/start-front';
import { type SamlPerson, type SamlProvider, startSamlProvider } from './saml-provider';

/** A real Rucio whose account `robot` can sign in at a real SAML identity provider. */
export interface SamlRucio {
  readonly real: RealRucio;
  /** The same Rucio over TLS, where the SAML sign-in is. */
  readonly tlsUrl: string;
  readonly certificates: Certificates;
  readonly provider: SamlProvider;
  /** Tells Rucio which certificate the answers of the provider have to be signed with. */
  believe(certificate: string): Promise<void>;
  /** Writes a file and returns its path. */
  file(content: string): Promise<string>;
  stop(): Promise<void>;
}

/** Who may sign in as the account `robot`. */
export const ROBOT: SamlPerson = {
  username: 'robot-user',
  password: `it's "so" secret/+&= ü`,
  nameId: 'robot=1@example.org',
};
/** Known to the identity provider, and not to Rucio. */
export const STRANGER: SamlPerson = { username: 'stranger', password: 'pw', nameId: 'stranger' };

/** @param fixture - what the real Rucio is made from; @param home - of SimpleSAMLphp */
export async function startSamlRucio(fixture: string, home: string): Promise<SamlRucio> {
  const files = await mkdtemp(join(tmpdir(), 'saml-rucio-'));
  const settings = join(files, 'settings');
  await Promise.all(['settings', 'provider'].map((name) => mkdir(join(files, name))));
  const certificates = await makeCertificates(files);
  const real = await startRealRucio(fixture);
  const front = await startFront(real, {
    directory: fixture,
    certificates,
    configuration: `[saml]\nconfig_path = ${settings}\n`,
    application: { directory: __dirname, module: 'saml_front' },
  });
  const people = [ROBOT, STRANGER];
  const directory = join(files, 'provider');
  const provider = await startSamlProvider({ home, directory, certificates, people });
  const service = `${front.url}/auth/saml`;
  await provider.trust(service);
  const believe = (certificate: string) => writeSettings(settings, service, provider, certificate);
  await believe(provider.certificate);
  await addRobotIdentity(real.url, 'SAML', ROBOT.nameId);
  let written = 0;
  return {
    real,
    tlsUrl: front.url,
    certificates,
    provider,
    believe,
    file: async (content) => {
      written += 1;
      const path = join(files, `secret-${written}`);
      await writeFile(path, content);
      return path;
    },
    stop: async () => {
      await provider.stop();
      await front.stop();
      await real.stop();
      await rm(files, { recursive: true });
    },
  };
}

/** What python3-saml reads for each request, and how Rucio's own files for it are laid out. */
async function writeSettings(
  directory: string,
  service: string,
  { url, entityId }: SamlProvider,
  certificate: string,
): Promise<void> {
  const binding = (name: string) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`;
  const settings = {
    strict: true,
    sp: {
      entityId: service,
      assertionConsumerService: { url: service, binding: binding('HTTP-POST') },
    },
    idp: {
      entityId,
      singleSignOnService: {
        url: `${url}/saml2/idp/SSOService.php`,
        binding: binding('HTTP-Redirect'),
      },
      x509cert: certificate,
    },
  };
  const security = {
    wantAssertionsSigned: true,
    rejectDeprecatedAlgorithm: true,
    requestedAuthnContext: false,
  };
  await writeFile(join(directory, 'settings.json'), JSON.stringify(settings));
  await writeFile(join(directory, 'advanced_settings.json'), JSON.stringify({ security }));
}
