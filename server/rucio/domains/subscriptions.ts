import type { CallOptions, RucioCore } from '../core';
import { RucioError } from '../errors';
import { RULE_STATE_LETTERS, type RuleState } from '../rule-filter';
import { RuleRow } from '../schemas/rules';
import { SubscriptionRow } from '../schemas/subscriptions';

export interface ListSubscriptionsQuery {
  readonly account?: string | undefined;
  readonly name?: string | undefined;
}

/** `/subscriptions`: rules for data to come. */
export class SubscriptionsApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  /** Subscriptions; none when nothing matches. */
  async *list(
    { account, name }: ListSubscriptionsQuery,
    { signal }: CallOptions,
  ): AsyncGenerator<SubscriptionRow> {
    const rows = this.#core.rows(
      {
        operation: 'list_subscriptions',
        segments: ['subscriptions', ...pathOf(account, name)],
        trailingSlash: account === undefined && name === undefined,
        subject: [account, name].filter((part) => part !== undefined).join(' '),
        signal,
      },
      SubscriptionRow,
    );
    try {
      yield* rows;
    } catch (error) {
      // That is how Rucio says that there are none.
      if (!RucioError.is(error, 'SubscriptionNotFound')) throw error;
    }
  }

  /** The rules that a subscription has made. */
  rules(
    account: string,
    name: string,
    state: RuleState | undefined,
    { signal }: CallOptions,
  ): AsyncGenerator<RuleRow> {
    return this.#core.rows(
      {
        operation: 'list_subscription_rules',
        segments: ['subscriptions', account, name, 'rules'],
        query: state === undefined ? {} : { state: RULE_STATE_LETTERS[state] },
        subject: `${account} ${name}`,
        signal,
      },
      RuleRow,
    );
  }
}

function pathOf(account: string | undefined, name: string | undefined): string[] {
  if (account === undefined) return name === undefined ? [] : ['name', name];
  return name === undefined ? [account] : [account, name];
}
