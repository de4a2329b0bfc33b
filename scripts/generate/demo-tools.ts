import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SCOPES } from '../../lib/contract/scopes';
import { Site } from '../../lib/contract/sites';
import { SEED_IDENTITIES } from '../../server/demo/seed-accounts';
import { startDemoRucio } from '../../server/demo/start-demo-rucio';
import { type Rucio, createRucio } from '../../server/rucio/client';
import { createSealer } from '../../server/sealer';
import { ALL_TOOLS } from '../../server/tools';
import { parseInput } from '../../server/tools/input';
import { pageTokensOf } from '../../server/tools/results';
import type { CallTool, ExampleAccount } from './tool-examples';

/** Longest time of one call, in milliseconds. */
const DEADLINE_MS = 60_000;

export interface DemoTools {
  readonly call: CallTool;
  readonly close: () => Promise<void>;
}

/**
 * The tools on the demo Rucio, without a server around them.
 *
 * @param clock - of the demo, and of what is calculated from its dates
 */
export async function openDemoTools(clock: () => number): Promise<DemoTools> {
  const demo = await startDemoRucio({ clock });
  const directory = await mkdtemp(join(tmpdir(), 'rucio-demo-tools-'));
  const site = Site.parse({ name: 'demo', rucioHost: demo.url, authHost: demo.url });
  const clients = new Map<ExampleAccount, Promise<Rucio>>();
  const sealer = createSealer({ clock });

  const signIn = async (account: ExampleAccount): Promise<Rucio> => {
    const identity = SEED_IDENTITIES.find(({ accounts }) => accounts.includes(account));
    if (identity === undefined) throw new Error(`nobody may sign in to ${account}`);
    const file = async (name: string, content: string) => {
      const path = join(directory, `${account}-${name}`);
      await writeFile(path, content);
      return path;
    };
    const credentials = {
      type: 'userpass',
      usernameFile: await file('username', identity.username),
      passwordFile: await file('password', identity.password),
    } as const;
    const limits = { rucioSeconds: 30, rucioConnections: 4 };
    return createRucio(site, { account, credentials }, limits, { clock });
  };

  const call: CallTool = async (name, args, account = 'jdoe') => {
    const tool = ALL_TOOLS.find((candidate) => candidate.name === name);
    if (tool === undefined) throw new Error(`there is no tool ${name}`);
    const rucio = clients.get(account) ?? signIn(account);
    clients.set(account, rucio);
    const { client } = await rucio;
    const answer = await tool.run(parseInput(tool, args), {
      rucio: client,
      site,
      account,
      readOnly: false,
      session: { scopes: Object.values(SCOPES) },
      sealer,
      consent: { canAsk: false },
      confirmAboveBytes: 1_000_000_000_000,
      audit: () => undefined,
      signal: AbortSignal.timeout(DEADLINE_MS),
      deadlineMs: DEADLINE_MS,
      pageTokens: pageTokensOf(args),
      progress: () => undefined,
    });
    return tool.output.parse(answer);
  };
  const close = async () => {
    for (const rucio of clients.values()) await (await rucio).close();
    await demo.close();
    await rm(directory, { recursive: true });
  };
  return { call, close };
}
