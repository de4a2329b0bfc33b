import { didYouMean } from '../../lib/contract/did-you-mean';
import { TOOL_NAMES } from '../../lib/contract/tools';
import type { ToolGroups } from '../../lib/contract/tool-choice';
import { TOOLSETS } from '../../lib/contract/toolsets';
import { quoteName } from '../rucio/untrusted-text';

/** Request headers with which a client narrows what it is offered. Names as GitHub's server has them. */
export const NARROWING_HEADERS = {
  toolsets: 'X-MCP-Toolsets',
  tools: 'X-MCP-Tools',
  readOnly: 'X-MCP-Readonly',
} as const;

/** What a client wants less of. It never gets more than the operator and its scopes allow. */
export interface Narrowing {
  readonly readOnly: boolean;
  /** Only these are listed; undefined: all. */
  readonly wanted: ToolGroups | undefined;
}

export type NarrowingResult =
  | { readonly ok: true; readonly narrowing: Narrowing }
  | { readonly ok: false; readonly problem: string };

/** Longest header that is looked at, in characters: every name once and more. */
const MAX_LENGTH = 4096;

/**
 * Reads the headers of a request: comma-separated names of toolsets and of tools, and `true` for a
 * connection that changes nothing. What is empty counts as left out.
 *
 * @param header - value of a header, or undefined
 */
export function readNarrowing(header: (name: string) => string | undefined): NarrowingResult {
  const problems: string[] = [];
  const toolsets = namesIn(NARROWING_HEADERS.toolsets, TOOLSETS, header, problems);
  const names = namesIn(NARROWING_HEADERS.tools, TOOL_NAMES, header, problems);
  const readOnly = flagIn(NARROWING_HEADERS.readOnly, header, problems);
  if (problems.length > 0) return { ok: false, problem: problems.join(' ') };
  const wanted = toolsets.length + names.length === 0 ? undefined : { toolsets, names };
  return { ok: true, narrowing: { readOnly, wanted } };
}

function namesIn<Name extends string>(
  header: string,
  known: readonly Name[],
  read: (name: string) => string | undefined,
  problems: string[],
): Name[] {
  const text = (read(header) ?? '').slice(0, MAX_LENGTH);
  const words = text.split(',').map((word) => word.trim().toLowerCase());
  const found = new Set<Name>();
  for (const word of words.filter((word) => word !== '')) {
    const name = known.find((candidate) => candidate === word);
    if (name === undefined) problems.push(`${header}: ${unknown(word, known)}`);
    else found.add(name);
  }
  return known.filter((name) => found.has(name));
}

function unknown(word: string, known: readonly string[]): string {
  const near = didYouMean(word, known);
  const hint = near === undefined ? '.' : `; did you mean ${near}?`;
  return `${quoteName(word.slice(0, 64))} is unknown${hint}`;
}

function flagIn(
  header: string,
  read: (name: string) => string | undefined,
  problems: string[],
): boolean {
  const value = (read(header) ?? '').trim().toLowerCase();
  if (['', 'false', '0', 'no'].includes(value)) return false;
  if (['true', '1', 'yes'].includes(value)) return true;
  problems.push(`${header}: ${quoteName(value.slice(0, 64))} is neither true nor false.`);
  return true;
}
