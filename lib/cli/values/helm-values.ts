import { SET, SET_JSON, SET_LITERAL, SET_STRING, type SetDialect, setFile } from './set-dialect';
import { toPlainValues } from './plain-values';
import { SetError } from './set-error';
import { applySet } from './set-parser';
import { type Replaces, coalesce, mergeMaps } from './merge-maps';
import type { MutableMap, ValuesMap } from './values-map';

/** Everything that an operator gives values by. */
export interface ValuesSources {
  /** Contents of `-f`, in order. */
  readonly files?: readonly ValuesMap[];
  readonly setJson?: readonly string[];
  readonly set?: readonly string[];
  readonly setString?: readonly string[];
  readonly setFile?: readonly string[];
  readonly setLiteral?: readonly string[];
}

export interface HelmValuesOptions {
  /** Reads what `--set-file` names; what it throws is a problem of that argument. */
  readonly readFile?: (path: string) => string;
  /** @default - maps are always merged, as Helm does */
  readonly replaces?: Replaces;
}

/** One or more arguments that have no meaning. The message has one line for each. */
export class SetProblems extends Error {
  readonly code = 'SET_PROBLEMS';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SetProblems';
    this.problems = problems;
  }
}

/**
 * What Helm 3 makes of its value options: files first, then `--set-json`, `--set`, `--set-string`,
 * `--set-file` and `--set-literal`, whatever their order on the command line; the defaults come in
 * last, so that `list[1]=z` does not see a default list, and a later file brings back what an
 * earlier one took away with `null`.
 *
 * @param defaults - those of the chart
 * @throws {SetProblems} with every argument that has no meaning
 */
export function helmValues(
  defaults: ValuesMap,
  sources: ValuesSources,
  options: HelmValuesOptions = {},
): ValuesMap {
  return coalesce(defaults, userValues(sources, options), options.replaces);
}

/** The values without the defaults. @throws {SetProblems} as {@link helmValues} */
export function userValues(sources: ValuesSources, options: HelmValuesOptions = {}): ValuesMap {
  const { readFile = refuseFile, replaces } = options;
  let values: MutableMap = {};
  for (const file of sources.files ?? []) values = mergeMaps(values, file, replaces);
  // Arguments change maps in place, and a file may have given one map to two keys (YAML anchors).
  values = plain(values);
  const families: [option: string, given: readonly string[] | undefined, dialect: SetDialect][] = [
    ['--set-json', sources.setJson, SET_JSON],
    ['--set', sources.set, SET],
    ['--set-string', sources.setString, SET_STRING],
    ['--set-file', sources.setFile, setFile(readFile)],
    ['--set-literal', sources.setLiteral, SET_LITERAL],
  ];
  const problems: string[] = [];
  for (const [option, given, dialect] of families) {
    for (const [index, argument] of (given ?? []).entries()) {
      try {
        applySet(argument, values, dialect);
      } catch (error) {
        problems.push(`${option}${ordinal(given?.length, index)}: ${reason(error)}`);
      }
    }
  }
  if (problems.length > 0) throw new SetProblems(problems);
  return plain(values);
}

/** @throws {SetProblems} when arguments have built more than anybody means to */
function plain(values: MutableMap): MutableMap {
  try {
    return toPlainValues(values) as MutableMap;
  } catch (error) {
    throw new SetProblems([`the values can not be used: ${reason(error)}`]);
  }
}

/** Which of several; the argument itself may hold a secret, and is not shown. */
function ordinal(count: number | undefined, index: number): string {
  return count === 1 ? '' : ` no. ${index + 1}`;
}

function reason(error: unknown): string {
  if (error instanceof RangeError) return 'is nested too deeply';
  return error instanceof Error ? error.message : 'unknown error';
}

function refuseFile(): never {
  throw new SetError('files can not be read here');
}
