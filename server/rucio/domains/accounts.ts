import { discard } from '../body';
import type { CallOptions, RucioCore } from '../core';
import { rucioDown } from '../errors';
import { Account } from '../schemas/accounts';

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
