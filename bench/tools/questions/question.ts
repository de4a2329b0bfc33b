import type { ToolName } from '../../../lib/contract/tools';

/** An answer as the model gets it. */
export type Answer = Readonly<Record<string, unknown>>;

/** Calls a tool as the account of the question. */
export type Ask = (tool: ToolName, args?: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** What somebody wants to know of the demo's data, and how the tools tell it. */
export interface Question {
  readonly number: number;
  /** In the words of a user. */
  readonly question: string;
  /** What "this" and "it" in the question stand for. */
  readonly about?: string;
  /** The account that asks. */
  readonly account: 'jdoe' | 'root';
  /** Most tool calls that the answer may take. */
  readonly calls: number;
  /** Whether it changes something in Rucio. */
  readonly writes?: true;
  /** The calls, in the order of a sensible agent; gives what they found. */
  readonly ask: (ask: Ask) => Promise<Readonly<Record<string, unknown>>>;
  /** What must be found. */
  readonly facts: Readonly<Record<string, unknown>>;
}

type Row = Readonly<Record<string, unknown>>;

/** The rows of a table as objects, with whole DIDs. */
export function rowsOf(answer: unknown): Row[] {
  const { columns, rows, scope } = answer as {
    columns: string[];
    rows: unknown[][];
    scope?: string;
  };
  return rows.map((cells) => {
    const row = Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
    const name = row['name'];
    return scope !== undefined && typeof name === 'string'
      ? { ...row, did: `${scope}:${name}` }
      : row;
  });
}

/** One column of a table. */
export function columnOf(answer: unknown, column: string): unknown[] {
  return rowsOf(answer).map((row) => row[column]);
}
