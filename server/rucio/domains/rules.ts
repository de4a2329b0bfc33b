import type { CallOptions, RucioCore } from '../core';
import { type Did, formatDid } from '../did';
import type { RucioRequest } from '../http';
import { type RuleFilter, toRuleQuery } from '../rule-filter';
import {
  NewRuleId,
  NewRuleIds,
  RuleAnalysis,
  RuleHistoryRow,
  RuleLockRow,
  RuleRow,
} from '../schemas/rules';

/** A rule to be made. What is left out is Rucio's default. */
export interface NewRule {
  /** One rule is made for each; at most 1000. */
  readonly dids: readonly Did[];
  readonly copies: number;
  readonly rseExpression: string;
  /** Default: the account of the session. */
  readonly account?: string | undefined;
  /** In seconds from now; default: for ever. */
  readonly lifetime?: number | undefined;
  readonly grouping?: 'DATASET' | 'ALL' | 'NONE' | undefined;
  readonly locked?: boolean | undefined;
  readonly sourceReplicaExpression?: string | undefined;
  readonly activity?: string | undefined;
  /** When mail is sent: never, at every change, when it is closed, at progress. */
  readonly notify?: 'N' | 'Y' | 'C' | 'P' | undefined;
  /** At most 250 characters. */
  readonly comment?: string | undefined;
  readonly askApproval?: boolean | undefined;
  readonly asynchronous?: boolean | undefined;
  /** In seconds. */
  readonly delayInjection?: number | undefined;
  readonly weight?: string | undefined;
  /** From 1, seldom, to 5, urgent. */
  readonly priority?: number | undefined;
  readonly purgeReplicas?: boolean | undefined;
}

/** Changes of a rule; what is left out stays. */
export interface RuleChanges {
  /** In seconds from now; null: for ever. */
  readonly lifetime?: number | null | undefined;
  readonly locked?: boolean | undefined;
  readonly comment?: string | undefined;
  /** Cancels the transfers under way and queues them again. */
  readonly activity?: string | undefined;
  readonly account?: string | undefined;
  readonly priority?: number | undefined;
  readonly purgeReplicas?: boolean | undefined;
  readonly boostRule?: boolean | undefined;
}

const DEFAULT_PRIORITY = 3;

/** `/rules`: replication rules. Changes are sent once and never repeated. */
export class RulesApi {
  readonly #core: RucioCore;

  constructor(core: RucioCore) {
    this.#core = core;
  }

  async get(id: string, { signal }: CallOptions): Promise<RuleRow> {
    return this.#core.document(
      { operation: 'get_rule', segments: ['rules', id], subject: id, signal },
      RuleRow,
    );
  }

  /** Rules of anybody, in no particular order; Rucio has no limit here, so end the iteration. */
  list(filter: RuleFilter, { signal }: CallOptions): AsyncGenerator<RuleRow> {
    return this.#core.rows(
      {
        operation: 'list_rules',
        segments: ['rules'],
        trailingSlash: true,
        query: toRuleQuery(filter),
        signal,
      },
      RuleRow,
    );
  }

  /** Rules that a DID has or had. An unknown DID has none. */
  history(did: Did, { signal }: CallOptions): AsyncGenerator<RuleHistoryRow> {
    return this.#core.rows(
      {
        operation: 'list_rule_history',
        segments: ['rules', did.scope, did.name, 'history'],
        subject: formatDid(did),
        signal,
      },
      RuleHistoryRow,
    );
  }

  /** The transfers that keep a rule from being OK, with their last errors. */
  async analysis(id: string, { signal }: CallOptions): Promise<RuleAnalysis> {
    return this.#core.document(
      {
        operation: 'get_rule_analysis',
        segments: ['rules', id, 'analysis'],
        subject: id,
        signal,
      },
      RuleAnalysis,
    );
  }

  /** Every file that a rule holds, at every RSE. An unknown rule has none. */
  locks(id: string, { signal }: CallOptions): AsyncGenerator<RuleLockRow> {
    return this.#core.rows(
      { operation: 'list_rule_locks', segments: ['rules', id, 'locks'], subject: id, signal },
      RuleLockRow,
    );
  }

  /** @returns the ids of the new rules, one for each DID and in their order */
  async add(rule: NewRule, { signal }: CallOptions): Promise<string[]> {
    const { dids, account, rseExpression } = rule;
    return this.#core.document(
      {
        operation: 'add_rule',
        method: 'POST',
        segments: ['rules'],
        trailingSlash: true,
        body: toRuleBody(rule),
        about: { did: dids.map(formatDid).join(' '), account, expression: rseExpression },
        signal,
      },
      NewRuleIds,
    );
  }

  async update(id: string, changes: RuleChanges, { signal }: CallOptions): Promise<void> {
    const { lifetime, locked, comment, activity, account, priority } = changes;
    await this.#change('update_rule', id, signal, {
      about: { rule: id, account },
      // Undefined ones are not sent; null clears.
      options: {
        lifetime,
        locked,
        comment,
        activity,
        account,
        priority,
        purge_replicas: changes.purgeReplicas,
        boost_rule: changes.boostRule,
      },
    });
  }

  async approve(id: string, { signal }: CallOptions): Promise<void> {
    await this.#change('approve_rule', id, signal, { options: { approve: true } });
  }

  /** Rucio deletes the rule. */
  async deny(id: string, reason: string | undefined, { signal }: CallOptions): Promise<void> {
    await this.#change('deny_rule', id, signal, { options: { approve: false, comment: reason } });
  }

  /**
   * Lets a rule expire within the hour.
   *
   * @param purgeReplicas - whether the files may go at once then; undefined: as the rule says
   */
  async delete(
    id: string,
    purgeReplicas: boolean | undefined,
    { signal }: CallOptions,
  ): Promise<void> {
    await this.#core.nothing({
      operation: 'delete_rule',
      method: 'DELETE',
      segments: ['rules', id],
      // Rucio refuses to delete without a body.
      body: { purge_replicas: purgeReplicas ?? null },
      about: { rule: id },
      signal,
    });
  }

  /**
   * Replaces a rule by one with fewer copies.
   *
   * @param excludeExpression - RSEs that the new rule must not use
   * @returns the id of the new rule
   */
  async reduce(
    id: string,
    copies: number,
    excludeExpression: string | undefined,
    { signal }: CallOptions,
  ): Promise<string> {
    return this.#core.document(
      {
        operation: 'reduce_rule',
        method: 'POST',
        segments: ['rules', id, 'reduce'],
        body: { copies, exclude_expression: excludeExpression ?? null },
        about: { rule: id, expression: excludeExpression },
        signal,
      },
      NewRuleId,
    );
  }

  /**
   * Makes the same rule for other RSEs; the old one goes when the new one is OK.
   *
   * @returns the id of the new rule
   */
  async move(id: string, rseExpression: string, { signal }: CallOptions): Promise<string> {
    return this.#core.document(
      {
        operation: 'move_rule',
        method: 'POST',
        segments: ['rules', id, 'move'],
        body: { rule_id: id, rse_expression: rseExpression, override: {} },
        about: { rule: id, expression: rseExpression },
        signal,
      },
      NewRuleId,
    );
  }

  async #change(
    operation: 'update_rule' | 'approve_rule' | 'deny_rule',
    id: string,
    signal: AbortSignal,
    { options, about = { rule: id } }: { options: object; about?: RucioRequest['about'] },
  ): Promise<void> {
    await this.#core.nothing({
      operation,
      method: 'PUT',
      segments: ['rules', id],
      body: { options },
      about,
      signal,
    });
  }
}

/** Servers since 39 refuse null for a boolean, and want every key. */
function toRuleBody(rule: NewRule): Record<string, unknown> {
  return {
    dids: rule.dids.map(({ scope, name }) => ({ scope, name })),
    copies: rule.copies,
    rse_expression: rule.rseExpression,
    priority: rule.priority ?? DEFAULT_PRIORITY,
    lifetime: rule.lifetime ?? null,
    grouping: rule.grouping ?? 'DATASET',
    account: rule.account ?? null,
    locked: rule.locked ?? false,
    source_replica_expression: rule.sourceReplicaExpression ?? null,
    activity: rule.activity ?? null,
    notify: rule.notify ?? 'N',
    purge_replicas: rule.purgeReplicas ?? false,
    ignore_availability: false,
    comment: rule.comment ?? null,
    ask_approval: rule.askApproval ?? false,
    asynchronous: rule.asynchronous ?? false,
    delay_injection: rule.delayInjection ?? null,
    weight: rule.weight ?? null,
    meta: null,
    split_container: false,
  };
}
