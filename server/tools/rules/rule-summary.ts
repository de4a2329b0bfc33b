import type { RuleRow } from '../../rucio/schemas/rules';
import { formatDid } from '../../rucio/did';
import { escapeName } from '../../rucio/untrusted-text';
import { compactText } from '../compact';
import { type SmallTable, smallTable } from '../composite/fields';
import { fromBytes, toBytes } from '../composite/sizes';
import { type PageRequest, clampPage } from '../params';
import type { Cell, Page } from '../results';

export const SUMMARY_COLUMNS = ['rse_expression', 'state', 'rules', 'bytes'] as const;

/** Groups that are told apart; more are put together, so that memory stays bounded. */
const MAX_GROUPS = 5000;
const OTHER = 'other expressions';
/** Rules that are named, of those with most bytes. */
const LARGEST = 5;

interface Group {
  readonly expression: string;
  readonly state: string;
  rules: number;
  bytes: bigint;
}

/** Counts rules by RSE expression and state. */
export class RuleSummary {
  readonly #groups = new Map<string, Group>();
  #rules = 0;
  #bytes = 0n;
  #unknown = 0;
  #largest: { readonly rule: RuleRow; readonly bytes: bigint }[] = [];

  add(rule: RuleRow): void {
    const { rse_expression: wanted, state } = rule;
    const bytes = toBytes(rule.bytes);
    if (bytes === undefined) this.#unknown += 1;
    else this.#rank(rule, bytes);
    this.#rules += 1;
    this.#bytes += bytes ?? 0n;
    const isKnown = this.#groups.has(keyOf(wanted, state)) || this.#groups.size < MAX_GROUPS;
    const expression = isKnown ? wanted : OTHER;
    const key = keyOf(expression, state);
    const group = this.#groups.get(key) ?? { expression, state, rules: 0, bytes: 0n };
    group.rules += 1;
    group.bytes += bytes ?? 0n;
    this.#groups.set(key, group);
  }

  #rank(rule: RuleRow, bytes: bigint): void {
    const last = this.#largest.at(-1);
    if (last !== undefined && this.#largest.length === LARGEST && bytes <= last.bytes) return;
    this.#largest = [...this.#largest, { rule, bytes }].sort(byBytes).slice(0, LARGEST);
  }

  /** The rules on the most bytes, whatever their copies, the largest first. */
  get largest(): SmallTable {
    const rows = this.#largest.map(({ rule, bytes }): Cell[] => [
      escapeName(formatDid(rule)),
      compactText(rule.id),
      compactText(rule.rse_expression),
      fromBytes(bytes),
    ]);
    return smallTable(['did', 'id', 'rse_expression', 'bytes'], rows, LARGEST);
  }

  get rules(): number {
    return this.#rules;
  }

  get bytes(): number | string | null {
    return fromBytes(this.#bytes);
  }

  get notes(): string[] {
    return [
      'bytes are those of the data, for each rule once, whatever its copies',
      ...(this.#unknown > 0
        ? [`${this.#unknown} rules are on open data, whose bytes Rucio does not tell`]
        : []),
    ];
  }

  /** The largest groups first. */
  page(request: PageRequest): Page {
    const { limit, offset } = clampPage(request);
    const groups = [...this.#groups.values()].sort(largestFirst);
    return {
      items: groups.slice(offset, offset + limit).map(({ expression, state, rules, bytes }) => ({
        sortKey: '',
        rows: [[compactText(expression), compactText(state), rules, fromBytes(bytes)]],
      })),
      offset,
      count: groups.length,
      isWhole: true,
    };
  }
}

function keyOf(expression: string, state: string): string {
  return JSON.stringify([expression, state]);
}

function byBytes(a: { readonly bytes: bigint }, b: { readonly bytes: bigint }): number {
  if (a.bytes === b.bytes) return 0;
  return a.bytes > b.bytes ? -1 : 1;
}

function largestFirst(a: Group, b: Group): number {
  return byBytes(a, b) || (keyOf(a.expression, a.state) < keyOf(b.expression, b.state) ? -1 : 1);
}
