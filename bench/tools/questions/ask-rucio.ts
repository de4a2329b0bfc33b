import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Site } from '../../../lib/contract/sites';
import { SEED_IDENTITIES } from '../../../server/demo/seed-accounts';
import { createSealer } from '../../../server/sealer';
import { type Rucio, createRucio } from '../../../server/rucio/client';
import { ALL_TOOLS } from '../../../server/tools';
import { parseInput } from '../../../server/tools/input';
import { pageTokensOf } from '../../../server/tools/results';
import type { Answer, Ask } from './question';

/** Longest time of one call, in milliseconds. */
const DEADLINE_MS = 60_000;
const CONFIRM_ABOVE_BYTES = 1_000_000_000_000;

export interface AskingRucio {
  /** Signs in as an account of the demo's data. */
  ask(account: string): Promise<Ask>;
  close(): Promise<void>;
}

/** Calls tools on a Rucio that has the demo's data, without a server in between. */
export function askRucio(url: string): AskingRucio {
  const site = Site.parse({ name: 'bench', rucioHost: url, authHost: url });
  const sealer = createSealer();
  const clients = new Map<string, { readonly rucio: Rucio; readonly files: string }>();

  const signIn = async (account: string) => {
    const known = clients.get(account);
    if (known !== undefined) return known;
    const identity = SEED_IDENTITIES.find(({ accounts }) => accounts.includes(account));
    if (identity === undefined) throw new Error(`nobody in the seed may sign in to ${account}`);
    const files = await mkdtemp(join(tmpdir(), 'rucio-questions-'));
    const [usernameFile, passwordFile] = [join(files, 'username'), join(files, 'password')];
    await writeFile(usernameFile, identity.username);
    await writeFile(passwordFile, identity.password);
    const rucio = await createRucio(
      site,
      { account, credentials: { type: 'userpass', usernameFile, passwordFile } },
      { rucioSeconds: 30, rucioConnections: 4 },
    );
    const made = { rucio, files };
    clients.set(account, made);
    return made;
  };

  return {
    ask: async (account) => {
      const { rucio } = await signIn(account);
      return async (name, args = {}): Promise<Answer> => {
        const tool = ALL_TOOLS.find((candidate) => candidate.name === name);
        if (tool === undefined) throw new Error(`there is no tool ${name}`);
        const answer = await tool.run(parseInput(tool, args), {
          rucio: rucio.client,
          site,
          account,
          readOnly: false,
          session: { scopes: [] },
          sealer,
          consent: { canAsk: false },
          confirmAboveBytes: CONFIRM_ABOVE_BYTES,
          audit: () => undefined,
          signal: AbortSignal.timeout(DEADLINE_MS),
          deadlineMs: DEADLINE_MS,
          pageTokens: pageTokensOf(args),
          progress: () => undefined,
        });
        return tool.output.parse(answer);
      };
    },
    close: async () => {
      for (const { rucio, files } of clients.values()) {
        await rucio.close();
        await rm(files, { recursive: true });
      }
    },
  };
}
