import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { ROOT_ACCOUNT, SEED_IDENTITIES } from '../../server/demo/seed-accounts';
import {
  type IdentityProvider,
  startIdentityProvider,
} from '../../scripts/demo/start-identity-provider';
import { rucioPaths } from '../support/real-rucio/configuration';
import { runCommand } from '../support/real-rucio/run-command';
import {
  type RealRucio,
  readManifest,
  startRealRucio,
} from '../support/real-rucio/start-real-rucio';
import { CA_FILE, KEY_FILE } from '../support/tls/files';

/** The identity provider as the build made it; `npm test` builds first. */
export const PROVIDER = join(__dirname, '../../dist/identity-provider.mjs');
/** What Rucio is called at the provider. */
export const RUCIO_CLIENT = { id: 'rucio', secret: 's3cret-s3cret-s3cret' };

/** A real Rucio whose users sign in at a real identity provider. */
export interface RealLogin {
  /** https; this is where browsers are sent, as in production. */
  readonly url: string;
  readonly rucio: RealRucio;
  /** Requests that reached Rucio, as `GET /auth/oidc`. */
  readonly seen: readonly string[];
  readonly provider: IdentityProvider;
  /** Rucio knows no session any more, as after their end. */
  endSessions(): Promise<void>;
  /** All sessions are old enough for Rucio to renew them. */
  ageSessions(): Promise<void>;
  readonly close: () => Promise<void>;
}

/** The account of each person at the provider; with several the first is the default. */
export type Accounts = Readonly<Record<string, string | readonly string[]>>;

/** @param dir - what the requirement `real-rucio` provided */
export async function startRealLogin(dir: string, people: Accounts): Promise<RealLogin> {
  const seen: string[] = [];
  let target = '';
  const proxy = createServer(
    { cert: readFileSync(CA_FILE), key: readFileSync(KEY_FILE) },
    (incoming, outgoing) => {
      seen.push(`${incoming.method ?? ''} ${(incoming.url ?? '').split('?')[0] ?? ''}`);
      forward(target, incoming, outgoing);
    },
  );
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `https://localhost:${(proxy.address() as AddressInfo).port}`;
  const redirectUri = `${url}/auth/oidc_code`;
  const provider = await startIdentityProvider({ program: PROVIDER });
  await provider.serve({
    client: { ...RUCIO_CLIENT, redirectUri },
    people: Object.keys(people).map((subject) => ({ subject, name: subject, note: '' })),
  });
  const client = { client_id: RUCIO_CLIENT.id, client_secret: RUCIO_CLIENT.secret };
  const test = { ...client, issuer: provider.issuer, redirect_uris: [redirectUri], SCIM: client };
  const close = async () => {
    proxy.closeAllConnections();
    proxy.close();
    await provider.close();
  };
  let rucio: RealRucio | undefined;
  try {
    rucio = await startRealRucio(dir, {
      configure: async (work) => {
        const file = join(work, 'idpsecrets.json');
        await writeFile(file, JSON.stringify({ test }));
        return `[oidc]\nidpsecrets = ${file}\nadmin_issuer = test\n`;
      },
    });
    target = rucio.url;
    await mapPeople(rucio.url, provider.issuer, people);
    const started = rucio;
    const { python } = await readManifest(dir);
    const change = (how: 'end' | 'age') => {
      const { database } = rucioPaths(started.directory);
      return runCommand(python, ['-S', join(__dirname, 'change-sessions.py'), database, how]);
    };
    return {
      url,
      rucio: started,
      seen,
      provider,
      endSessions: async () => {
        await change('end');
        // It remembers what it has seen.
        await started.restart();
      },
      ageSessions: async () => {
        await change('age');
      },
      close: async () => {
        await started.stop();
        await close();
      },
    };
  } catch (error) {
    await rucio?.stop();
    await close();
    throw error;
  }
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers } = incoming;
  const upstream = request(new URL(incoming.url ?? '/', target), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  upstream.on('error', () => outgoing.destroy());
  incoming.pipe(upstream);
}

async function mapPeople(url: string, issuer: string, people: Accounts): Promise<void> {
  const root = SEED_IDENTITIES.find(({ accounts }) => accounts.includes(ROOT_ACCOUNT));
  const login = await fetch(`${url}/auth/userpass`, {
    headers: {
      'X-Rucio-Account': ROOT_ACCOUNT,
      'X-Rucio-Username': root?.username ?? '',
      'X-Rucio-Password': root?.password ?? '',
    },
  });
  const token = login.headers.get('X-Rucio-Auth-Token') ?? '';
  const pairs = Object.entries(people).flatMap(([person, accounts]) =>
    [accounts].flat().map((account, index) => ({ person, account, isDefault: index === 0 })),
  );
  for (const { person, account, isDefault } of pairs) {
    const answer = await fetch(`${url}/accounts/${account}/identities`, {
      method: 'POST',
      headers: { 'X-Rucio-Auth-Token': token },
      body: JSON.stringify({
        identity: `SUB=${person}, ISS=${issuer}`,
        authtype: 'OIDC',
        email: `${person}@example.org`,
        default: isDefault,
      }),
    });
    if (!answer.ok) throw new Error(`mapping ${person}: ${answer.status} ${await answer.text()}`);
  }
}
