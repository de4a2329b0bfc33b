import { ROOT_ACCOUNT } from '../../../server/demo/seed-accounts';
import type { Seed } from '../../../server/demo/seed';
import { PROTOCOL_CLASSES, type SeedProtocol } from '../../../server/demo/seed-rses';
import type { SeedFile, SeedReplica } from '../../../server/demo/seed-dids';

/** Most rows that Rucio takes in one request. */
const MOST_ROWS = 1000;

type Post = (path: string, body: unknown) => Promise<string>;

/**
 * Loads the data of the demo into an empty real Rucio over its REST interface.
 *
 * @throws {Error} with Rucio's words when it refuses a part
 */
export async function seedRealRucio(url: string, seed: Seed): Promise<void> {
  const root = await session(url, seed, ROOT_ACCOUNT);
  await addAccounts(root, seed);
  await addStorage(root, seed);
  for (const { account, rse, bytes } of seed.quotas) {
    await root.post(`/accountlimits/local/${account}/${rse}`, { bytes: bytes ?? -1 });
  }
  for (const { account, rseExpression, bytes } of seed.globalQuotas) {
    const expression = encodeURIComponent(rseExpression);
    await root.post(`/accountlimits/global/${account}/${expression}`, { bytes: bytes ?? -1 });
  }
  await addFiles(root.post, seed);
  await addSuspicions(root, seed);
  await addCollections(url, root, seed);
  const subscriptions = await addSubscriptions(root.post, seed);
  await addRules(root, seed, subscriptions);
}

interface Session {
  readonly post: Post;
  readonly put: Post;
}

/** Signs in to an account by whichever identity of the seed may. */
async function session(url: string, seed: Seed, account: string): Promise<Session> {
  const identity = seed.identities.find(({ accounts }) => accounts.includes(account));
  if (identity === undefined) throw new Error(`nobody in the seed may sign in to ${account}`);
  const response = await fetch(`${url}/auth/userpass`, {
    headers: {
      'X-Rucio-Account': account,
      'X-Rucio-Username': identity.username,
      'X-Rucio-Password': identity.password,
    },
  });
  const token = response.headers.get('X-Rucio-Auth-Token');
  if (token === null) throw new Error(`login as ${account} failed: ${await response.text()}`);
  const send = async (method: string, path: string, body: unknown) => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'X-Rucio-Auth-Token': token },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return text;
  };
  return {
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
  };
}

async function addAccounts({ post }: Session, seed: Seed): Promise<void> {
  for (const { account, type, email } of seed.accounts) {
    if (account !== ROOT_ACCOUNT) await post(`/accounts/${account}`, { type, email });
  }
  for (const { username, password, email, accounts } of seed.identities) {
    for (const account of accounts) {
      if (account === ROOT_ACCOUNT) continue;
      await post(`/accounts/${account}/identities`, {
        identity: username,
        authtype: 'USERPASS',
        email,
        password,
        default: accounts.length === 1,
      });
    }
  }
  for (const { account, scope } of seed.scopes)
    await post(`/accounts/${account}/scopes/${scope}`, {});
}

function protocolBody({ scheme, hostname, port, prefix, wan, lan }: SeedProtocol): object {
  return {
    scheme,
    hostname,
    port,
    prefix,
    impl: PROTOCOL_CLASSES[scheme],
    domains: {
      wan: {
        read: wan,
        write: wan,
        delete: wan,
        third_party_copy_read: wan,
        third_party_copy_write: wan,
      },
      lan: { read: lan, write: lan, delete: lan },
    },
    extended_attributes: null,
  };
}

async function addStorage({ post, put }: Session, seed: Seed): Promise<void> {
  for (const { rse, type, readable, attributes, protocols, usage, limits = {} } of seed.rses) {
    await post(`/rses/${rse}`, { rse_type: type, availability_read: readable });
    for (const protocol of protocols) {
      await post(`/rses/${rse}/protocols/${protocol.scheme}`, protocolBody(protocol));
    }
    for (const [key, value] of Object.entries(attributes)) {
      await post(`/rses/${rse}/attr/${key}`, { value });
    }
    await put(`/rses/${rse}/usage`, { source: 'storage', ...usage, files: null });
    for (const [name, value] of Object.entries(limits)) {
      await put(`/rses/${rse}/limits`, { name, value });
    }
  }
  for (const { from, to, distance } of seed.distances) {
    await post(`/rses/${from}/distances/${to}`, { distance });
  }
  for (const { rseExpression, activity, maxTransfers } of seed.transferLimits) {
    await put('/requests/transfer_limits', {
      rse_expression: rseExpression,
      activity,
      max_transfers: maxTransfers,
    });
  }
}

/** What is unavailable for a while is told to the database: before version 38 REST refuses that. */
const FIRST_STATES: Readonly<Record<SeedReplica['state'], string>> = {
  AVAILABLE: 'A',
  UNAVAILABLE: 'U',
  TEMPORARY_UNAVAILABLE: 'A',
};

async function addFiles(post: Post, seed: Seed): Promise<void> {
  const files = new Map(seed.files.map((file) => [`${file.scope}:${file.name}`, file]));
  for (const { rse } of seed.rses) {
    const rows = seed.replicas
      .filter((replica) => replica.rse === rse)
      .map(({ scope, name, state }) => ({
        ...fileBody(files.get(`${scope}:${name}`)),
        state: FIRST_STATES[state],
      }));
    for (let start = 0; start < rows.length; start += MOST_ROWS) {
      const part = rows.slice(start, start + MOST_ROWS);
      await post('/replicas', { rse, files: part, ignore_availability: true });
    }
  }
}

function fileBody(file: SeedFile | undefined): object {
  if (file === undefined) throw new Error('a replica of the seed has no file');
  const { scope, name, bytes, adler32, md5 } = file;
  return { scope, name, bytes, adler32, ...(md5 === null ? {} : { md5 }) };
}

/** Rucio takes only access URLs for them, which the tests do not make themselves. */
async function addSuspicions({ post }: Session, seed: Seed): Promise<void> {
  for (const { rse, scope, name, reason, times } of seed.suspicions) {
    const query = { dids: [{ scope, name }], rse_expression: rse };
    const row = JSON.parse(await post('/replicas/list', query)) as {
      rses: Record<string, string[]>;
    };
    for (let time = 0; time < times; time += 1) {
      const unknown = await post('/replicas/suspicious', { pfns: row.rses[rse], reason });
      if (Object.keys(JSON.parse(unknown) as object).length > 0) {
        throw new Error(`the replica of ${name} at ${rse} is not known: ${unknown}`);
      }
    }
  }
}

async function addCollections(url: string, root: Session, seed: Seed): Promise<void> {
  const owners = new Map<string, Session>([[ROOT_ACCOUNT, root]]);
  for (const { scope, name, type, account, children, open } of seed.collections) {
    const owner = owners.get(account) ?? (await session(url, seed, account));
    owners.set(account, owner);
    const path = `/dids/${scope}/${encodeURIComponent(name)}`;
    await owner.post(path, { type });
    for (let start = 0; start < children.length; start += MOST_ROWS) {
      const dids = children
        .slice(start, start + MOST_ROWS)
        .map((child) => ({ scope, name: child }));
      await root.post(`${path}/dids`, { dids });
    }
    if (!open) await root.put(`${path}/status`, { open: false });
  }
}

function subscriptionKey(account: string, name: string): string {
  return `${account} ${name}`;
}

/** @returns the identifiers of the subscriptions */
async function addSubscriptions(post: Post, seed: Seed): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const subscription of seed.subscriptions) {
    const { account, name, filter, replicationRules, comments, priority } = subscription;
    const id = await post(`/subscriptions/${account}/${encodeURIComponent(name)}`, {
      options: {
        filter,
        replication_rules: replicationRules,
        comments,
        priority,
        lifetime: null,
        retroactive: false,
        dry_run: false,
      },
    });
    ids.set(subscriptionKey(account, name), id);
  }
  return ids;
}

async function addRules(
  { post, put }: Session,
  seed: Seed,
  subscriptions: ReadonlyMap<string, string>,
): Promise<void> {
  for (const rule of seed.rules) {
    const answer = await post('/rules/', {
      dids: [{ scope: rule.scope, name: rule.name }],
      account: rule.account,
      rse_expression: rule.rseExpression,
      copies: rule.copies,
      grouping: rule.grouping,
      activity: rule.activity,
      comment: rule.comment,
      lifetime: rule.lifetime,
      locked: rule.locked,
      ask_approval: rule.fate === 'waiting-approval',
      subscription_id:
        subscriptions.get(subscriptionKey(rule.account, rule.subscription ?? '')) ?? null,
    });
    const [id] = JSON.parse(answer) as [string];
    if (rule.fate === 'suspended') await put(`/rules/${id}`, { options: { state: 'SUSPENDED' } });
  }
}
