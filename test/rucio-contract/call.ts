import type { Json } from '../../server/demo/python-json';

/** Who makes a call: an account of the seed, or nobody. */
export type Caller = 'root' | 'jdoe' | 'robot' | 'nobody';

/**
 * One request, and what every Rucio answers to it. Where the seed determines the body, `body` or
 * `rows` says what is in it; the rest is held by comparing the demo with the real server.
 */
export interface ContractCall {
  readonly title: string;
  /**
   * May name a rule by its DID, and where there are several by its expression, as `{rule scope:name}`
   * or `{rule scope:name @ expression}`: every server gives it another identifier.
   */
  readonly path: string;
  readonly status: number;
  /** @default 'root' */
  readonly as?: Caller;
  /** @default 'GET', or 'POST' with a body */
  readonly method?: 'PUT' | 'DELETE';
  /** A body makes it a POST. Text is sent as it is, anything else as JSON. */
  readonly send?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly exceptionClass?: string;
  /** A part of the one document, or of each row. */
  readonly body?: Readonly<Record<string, Json>>;
  /** How many rows a stream has. */
  readonly rows?: number;
  /**
   * What is left out of the comparison: `text` where a message comes from Python itself and may
   * change with its version; `choice` where Rucio may take any of several rows; `layout` for a page of
   * which only what a person reads is the same.
   */
  readonly loosely?: 'text' | 'choice' | 'layout';
}

/** Where a path needs the identifier of a rule: the first on a DID, or that with an expression. */
export function ruleOn(scope: string, name: string, expression?: string): string {
  return `{rule ${scope}:${name}${expression === undefined ? '' : ` @ ${expression}`}}`;
}

/** A segment of a path. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}
