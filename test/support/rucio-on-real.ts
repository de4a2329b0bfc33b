import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Site } from '../../lib/contract/sites';
import { SEED_IDENTITIES } from '../../server/demo/seed-accounts';
import { type Rucio, type RucioDeps, createRucio } from '../../server/rucio/client';
import type { RealRucio } from './real-rucio/start-real-rucio';

export interface RucioOnReal extends Rucio {
  readonly site: Site;
}

/** The real client, signed in at a real Rucio as an account of the seed. Closed by `close`. */
export async function rucioOnReal(
  real: Pick<RealRucio, 'url'>,
  account: string,
  deps: RucioDeps = {},
): Promise<RucioOnReal> {
  const identity = SEED_IDENTITIES.find(({ accounts }) => accounts.includes(account));
  if (identity === undefined) throw new Error(`nobody in the seed may sign in to ${account}`);
  const files = await mkdtemp(join(tmpdir(), 'rucio-on-real-'));
  const [usernameFile, passwordFile] = [join(files, 'username'), join(files, 'password')];
  await writeFile(usernameFile, identity.username);
  await writeFile(passwordFile, identity.password);
  const site = Site.parse({ name: 'real', rucioHost: real.url, authHost: real.url });
  const { client, credentials, close } = await createRucio(
    site,
    { account, credentials: { type: 'userpass', usernameFile, passwordFile } },
    { rucioSeconds: 30, rucioConnections: 4 },
    deps,
  );
  return {
    client,
    credentials,
    site,
    close: async () => {
      await close();
      await rm(files, { recursive: true });
    },
  };
}
