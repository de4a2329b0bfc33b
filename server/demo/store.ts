import { createHash } from 'node:crypto';

import type { DemoRule } from './demo-rule';
import { settleRules } from './settle-rules';
import type { OidcLogins } from './oidc-logins';
import type { Seed } from './seed';
import { ROOT_ACCOUNT, type SeedAccount } from './seed-accounts';
import type { SeedRse } from './seed-rses';
import type { Sessions } from './sessions';

export type DidType = 'CONTAINER' | 'DATASET' | 'FILE';

export interface DemoDid {
  readonly scope: string;
  readonly name: string;
  readonly type: DidType;
  readonly account: string;
  readonly open: boolean;
  /** Of files and of closed collections; `null` while a collection is open. In bytes. */
  readonly bytes: number | null;
  /** Number of files, on the same terms. */
  readonly length: number | null;
  readonly md5: string | null;
  readonly adler32: string | null;
  readonly children: readonly DemoDid[];
}

export type ReplicaState = 'AVAILABLE' | 'UNAVAILABLE' | 'COPYING' | 'TEMPORARY_UNAVAILABLE';

export interface DemoReplica {
  readonly rse: SeedRse;
  readonly state: ReplicaState;
}

export interface DemoStoreDeps {
  readonly seed: Seed;
  readonly sessions: Sessions;
  readonly logins: OidcLogins;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** The data of the demo Rucio. Only rules, with what follows from them, change while it runs. */
export class DemoStore {
  readonly sessions: Sessions;
  readonly logins: OidcLogins;
  readonly seed: Seed;
  /** When the data came into being, in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly now: () => number;
  readonly accounts: ReadonlyMap<string, SeedAccount>;
  /** In alphabetical order. */
  readonly rses: readonly SeedRse[];
  readonly rules: DemoRule[];
  /** Rules that Rucio has deleted for good. */
  readonly removedRules: DemoRule[] = [];
  readonly #dids = new Map<string, DemoDid>();
  readonly #scopes = new Map<string, DemoDid[]>();
  readonly #parents = new Map<DemoDid, DemoDid[]>();
  readonly #replicas = new Map<DemoDid, DemoReplica[]>();

  constructor({ seed, sessions, logins, clock }: DemoStoreDeps) {
    this.sessions = sessions;
    this.logins = logins;
    this.seed = seed;
    this.createdAt = clock();
    this.now = clock;
    this.accounts = new Map(seed.accounts.map((account) => [account.account, account]));
    this.rses = [...seed.rses].sort((a, b) => (a.rse < b.rse ? -1 : 1));
    this.#addDids(seed);
    this.#addReplicas(seed);
    this.rules = settleRules(this);
    for (const rule of this.rules) this.#expectCopies(rule);
  }

  did(scope: string, name: string): DemoDid | undefined {
    return this.#dids.get(didKey(scope, name));
  }

  /** The DIDs of a scope, sorted by name. */
  didsOf(scope: string): readonly DemoDid[] {
    return this.#scopes.get(scope) ?? [];
  }

  /** All DIDs, sorted within their scopes. */
  dids(): readonly DemoDid[] {
    return [...this.#scopes.values()].flat();
  }

  parents(did: DemoDid): readonly DemoDid[] {
    return this.#parents.get(did) ?? [];
  }

  replicas(file: DemoDid): readonly DemoReplica[] {
    return this.#replicas.get(file) ?? [];
  }

  /** Whether a file can be had from a storage element. */
  isAt(file: DemoDid, rse: SeedRse): boolean {
    return this.replicas(file).some(
      (replica) => replica.rse === rse && replica.state === 'AVAILABLE',
    );
  }

  /** The files that a storage element has a replica of, whatever its state. */
  filesAt(rse: SeedRse): readonly DemoDid[] {
    return [...this.#replicas]
      .filter(([, replicas]) => replicas.some((replica) => replica.rse === rse))
      .map(([file]) => file);
  }

  rse(name: string): SeedRse | undefined {
    return this.rses.find(({ rse }) => rse === name);
  }

  /** Whether an account may see and do everything. */
  isAdmin(account: string): boolean {
    return account === ROOT_ACCOUNT;
  }

  #addDids(seed: Seed): void {
    for (const file of seed.files) {
      this.#dids.set(didKey(file.scope, file.name), {
        ...file,
        type: 'FILE',
        account: ROOT_ACCOUNT,
        open: false,
        length: 1,
        children: [],
      });
    }
    for (const { children: names, ...collection } of seed.collections) {
      const children = names.map((name) => {
        const child = this.did(collection.scope, name);
        if (child === undefined) throw new Error(`${name} of the seed stands after its parent`);
        return child;
      });
      const files = new Set(children.flatMap((child) => filesOf(child)));
      const bytes = [...files].reduce((sum, file) => sum + (file.bytes ?? 0), 0);
      const did: DemoDid = {
        ...collection,
        children,
        bytes: collection.open ? null : bytes,
        length: collection.open ? null : files.size,
        md5: null,
        adler32: null,
      };
      this.#dids.set(didKey(did.scope, did.name), did);
      for (const child of children) {
        this.#parents.set(child, [...this.parents(child), did]);
      }
    }
    for (const did of [...this.#dids.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const scope = this.#scopes.get(did.scope);
      if (scope === undefined) this.#scopes.set(did.scope, [did]);
      else scope.push(did);
    }
  }

  #addReplicas(seed: Seed): void {
    for (const { rse: rseName, scope, name, state } of seed.replicas) {
      const file = this.did(scope, name);
      const rse = this.rse(rseName);
      if (file === undefined || rse === undefined) {
        throw new Error(`the replica of ${name} at ${rseName} has no file or no storage`);
      }
      this.#replicas.set(file, [...this.replicas(file), { rse, state }]);
    }
  }

  /** Adds a rule, with the copies that are to come. */
  addRule(rule: DemoRule): void {
    this.rules.push(rule);
    this.#expectCopies(rule);
  }

  /** Removes a rule for good; its history stays. */
  removeRule(rule: DemoRule): void {
    this.forgetRule(rule);
    this.removedRules.push(rule);
  }

  /** Removes a rule as if it had never been. */
  forgetRule(rule: DemoRule): void {
    this.rules.splice(this.rules.indexOf(rule), 1);
  }

  /** A rule whose files are not there yet makes Rucio expect them there. */
  #expectCopies({ locks }: DemoRule): void {
    for (const { file, rse, state } of locks) {
      if (state === 'OK') continue;
      const others = this.replicas(file).filter((replica) => replica.rse !== rse);
      const copying = state === 'REPLICATING' ? 'COPYING' : 'UNAVAILABLE';
      this.#replicas.set(file, [...others, { rse, state: copying }]);
    }
  }
}

function didKey(scope: string, name: string): string {
  return `${scope}:${name}`;
}

/** All files below a DID, each once for every way that leads to it; a file is below itself. */
export function filesOf(did: DemoDid): DemoDid[] {
  return did.type === 'FILE' ? [did] : did.children.flatMap((child) => filesOf(child));
}

/** An identifier as Rucio makes them, 32 hexadecimal digits; the same words give the same one. */
export function stableId(...words: readonly string[]): string {
  return createHash('md5').update(words.join('\0')).digest('hex');
}
