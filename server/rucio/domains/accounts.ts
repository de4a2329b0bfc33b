import { discard } from '../body';
import type { CallOptions, RucioCore } from '../core';
import { RucioError, rucioDown } from '../errors';
import { type RuleFilter, toRuleQuery } from '../rule-filter';
import {
  Account,
  AccountAttributes,
  AccountRow,
  GlobalLimits,
  GlobalUsageRow,
  LocalLimits,
  LocalUsageRow,
} from '../schemas/accounts';
import { RuleRow } from '../schemas/rules';
import { ScopeNames } from '../schemas/scopes';

export interface ListAccountsQuery {
  readonly type?: 'USER' | 'GROUP' | 'SERVICE' | undefined;
  /** A user name, a distinguished name, or what else signs in. */
  readonly identity?: string | undefined;
}

/** `/accounts`: people, groups and robots, and what they use. */
export class AccountsApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  /**
   * The account of the session. Rucio answers with a redirect to it; only a redirect within the same
   * host is believed, and only the account's name is taken from it.
   */
  async whoami({ signal }: CallOptions): Promise<Account> {
    const segments = ['accounts', 'whoami'];
    const answer = await this.#core.send({
      operation: 'whoami',
      segments,
      allowRedirect: true,
      signal,
    });
    if (answer.status < 300) return this.#core.readDocument(answer, Account);
    await discard(answer.body);
    const account = redirectedTo(answer.header('location'), this.#core.http.urlOf(segments));
    if (account === undefined) {
      const error = rucioDown(answer.context, 'redirected to another place than account', {
        next: "ask the server's operator to check the Rucio URLs of this site",
      });
      answer.settle(error);
      throw error;
    }
    answer.settle();
    return this.get(account, { signal });
  }

  async get(account: string, { signal }: CallOptions): Promise<Account> {
    return this.#core.document(
      {
        operation: 'get_account',
        segments: ['accounts', account],
        subject: account,
        signal,
      },
      Account,
    );
  }

  list({ type, identity }: ListAccountsQuery, { signal }: CallOptions): AsyncGenerator<AccountRow> {
    return this.#core.rows(
      {
        operation: 'list_accounts',
        segments: ['accounts'],
        query: {
          ...(type === undefined ? {} : { account_type: type }),
          ...(identity === undefined ? {} : { identity }),
        },
        signal,
      },
      AccountRow,
    );
  }

  /** What an account uses and may use at each RSE, or at one. Rucio counts with a delay. */
  async *localUsage(
    account: string,
    rse: string | undefined,
    { signal }: CallOptions,
  ): AsyncGenerator<LocalUsageRow> {
    const rows = this.#core.rows(
      {
        operation: 'list_local_usage',
        segments: ['accounts', account, 'usage', 'local', ...(rse === undefined ? [] : [rse])],
        about: { account, rse },
        signal,
      },
      LocalUsageRow,
    );
    for await (const row of rows) {
      // Rucio before 39 knows the RSE, and answers with the rows of all.
      if (rse === undefined || row.rse === rse) yield row;
    }
  }

  /** The same for the sets of RSEs that have a common limit. */
  globalUsage(account: string, { signal }: CallOptions): AsyncGenerator<GlobalUsageRow> {
    return this.#core.rows(
      {
        operation: 'list_global_usage',
        segments: ['accounts', account, 'usage', 'global'],
        subject: account,
        signal,
      },
      GlobalUsageRow,
    );
  }

  /**
   * The limits of an account. Rucio before 37 has none for an unknown account, too.
   *
   * @param rse - an exact name, not an expression
   */
  async localLimits(
    account: string,
    rse: string | undefined,
    { signal }: CallOptions,
  ): Promise<LocalLimits> {
    return this.#core.document(
      {
        operation: 'get_local_limits',
        segments: ['accounts', account, 'limits', 'local', ...(rse === undefined ? [] : [rse])],
        about: { account, rse },
        signal,
      },
      LocalLimits,
    );
  }

  async globalLimits(account: string, { signal }: CallOptions): Promise<GlobalLimits> {
    return this.#core.document(
      {
        operation: 'get_global_limits',
        segments: ['accounts', account, 'limits', 'global'],
        subject: account,
        signal,
      },
      GlobalLimits,
    );
  }

  /** The keys of an account's attributes: `admin` says by itself that the account is one. */
  async attributes(account: string, { signal }: CallOptions): Promise<AccountAttributes> {
    return this.#core.document(
      {
        operation: 'list_account_attributes',
        segments: ['accounts', account, 'attr'],
        trailingSlash: true,
        subject: account,
        signal,
      },
      AccountAttributes,
    );
  }

  /** The scopes that an account owns. */
  async scopes(account: string, { signal }: CallOptions): Promise<ScopeNames> {
    try {
      return await this.#core.document(
        {
          operation: 'list_account_scopes',
          segments: ['accounts', account, 'scopes'],
          trailingSlash: true,
          subject: account,
          signal,
        },
        ScopeNames,
      );
    } catch (error) {
      // That is how Rucio says that there are none.
      if (RucioError.is(error, 'ScopeNotFound')) return [];
      throw error;
    }
  }

  /** Rules of an account. An unknown account has none. */
  rules(
    account: string,
    filter: Omit<RuleFilter, 'account'>,
    { signal }: CallOptions,
  ): AsyncGenerator<RuleRow> {
    return this.#core.rows(
      {
        operation: 'list_account_rules',
        segments: ['accounts', account, 'rules'],
        query: toRuleQuery(filter),
        subject: account,
        signal,
      },
      RuleRow,
    );
  }
}

/** The account that a redirect of `from` leads to; `undefined` when it leads anywhere else. */
function redirectedTo(location: string | undefined, from: URL): string | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from.href);
  const parent = from.pathname.slice(0, from.pathname.lastIndexOf('/') + 1);
  if (to.origin !== from.origin || to.pathname === from.pathname) return undefined;
  if (!to.pathname.startsWith(parent)) return undefined;
  const name = to.pathname.slice(parent.length);
  if (name === '' || name.includes('/')) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
