import { randomBytes } from 'node:crypto';

import { SEED_PEOPLE, type SeedPerson } from '../../server/demo/seed-people';
import {
  type DemoRucio,
  type DemoRucioOptions,
  startDemoRucio,
} from '../../server/demo/start-demo-rucio';
import { type IdentityProvider, startIdentityProvider } from './start-identity-provider';

export interface DemoLoginOptions extends Omit<DemoRucioOptions, 'oidc'> {
  /** The identity provider that the build made: `dist/identity-provider.mjs`. */
  readonly provider: string;
}

/** A demo Rucio whose users sign in at an identity provider on this computer. */
export interface DemoLogin {
  readonly rucio: DemoRucio;
  readonly provider: IdentityProvider;
  close(): Promise<void>;
}

/** @throws {Error} when one of both does not come up; then nothing is left running */
export async function startDemoLogin({
  provider: program,
  ...options
}: DemoLoginOptions): Promise<DemoLogin> {
  const provider = await startIdentityProvider({ program });
  let rucio: DemoRucio | undefined;
  const close = async () => {
    await rucio?.close();
    await provider.close();
  };
  try {
    // Another one each time, and known to nobody else.
    const client = { id: 'rucio', secret: randomBytes(32).toString('base64url') };
    const { issuer } = provider;
    const oidc = { issuer, clientId: client.id, clientSecret: client.secret };
    rucio = await startDemoRucio({ ...options, oidc });
    const redirectUri = `${rucio.url}/auth/oidc_code`;
    await provider.serve({ client: { ...client, redirectUri }, people: SEED_PEOPLE.map(toChoice) });
    return { rucio, provider, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function toChoice({ subject, name, about, accounts }: SeedPerson) {
  const list = accounts.join(', ');
  const note = accounts.length === 0 ? about : `${about}; Rucio account ${list}`;
  return { subject, name, note };
}
