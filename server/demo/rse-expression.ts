import { RucioFailure } from './failure';
import type { SeedRse } from './seed-rses';

const ATTRIBUTE = String.raw`[A-Za-z0-9._-]+[=<>][A-Za-z0-9_-]+`;
const NAME = String.raw`[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*`;
const TERM = String.raw`(?:${ATTRIBUTE}|${NAME}|\*)`;
const PRIMITIVE = String.raw`\(*${TERM}\)*`;
const EXPRESSION = new RegExp(String.raw`^${PRIMITIVE}(?:[|&\\]${PRIMITIVE})*$`);
const FIRST_TERM = new RegExp(`^${TERM}`);

/**
 * The storage elements that an RSE expression stands for. As in Rucio the operators have no
 * precedence: they apply from left to right.
 *
 * @throws {RucioFailure} 400 InvalidRSEExpression; most routes of Rucio tell it as a 500
 */
export function rsesOf(expression: string, rses: readonly SeedRse[]): readonly SeedRse[] {
  assertBalanced(expression);
  if (!EXPRESSION.test(expression)) {
    throw invalid('Expression does not comply to RSE Expression syntax');
  }
  const { found } = evaluate(expression, rses);
  const result = rses.filter((rse) => found.has(rse));
  if (result.length === 0) throw invalid('RSE Expression resulted in an empty set.');
  return result;
}

function invalid(message: string): RucioFailure {
  return new RucioFailure(400, 'InvalidRSEExpression', message);
}

function assertBalanced(expression: string): void {
  let open = 0;
  for (const char of expression) {
    if (char === '(') open += 1;
    if (char === ')') open -= 1;
    if (open < 0) break;
  }
  if (open !== 0) throw invalid('Problem with parentheses.');
}

interface Evaluated {
  readonly found: ReadonlySet<SeedRse>;
  /** What follows the closing parenthesis. */
  readonly rest: string;
}

function evaluate(expression: string, rses: readonly SeedRse[]): Evaluated {
  let { found, rest } = operand(expression, rses);
  while (rest !== '' && !rest.startsWith(')')) {
    const operator = rest.charAt(0);
    const right = operand(rest.slice(1), rses);
    found = combine(found, operator, right.found);
    rest = right.rest;
  }
  return { found, rest: rest.slice(1) };
}

function operand(text: string, rses: readonly SeedRse[]): Evaluated {
  if (text.startsWith('(')) return evaluate(text.slice(1), rses);
  const [term = ''] = FIRST_TERM.exec(text) ?? [];
  if (term === '') throw invalid('Expression does not comply to RSE Expression syntax');
  return {
    found: new Set(rses.filter((rse) => matches(rse, term))),
    rest: text.slice(term.length),
  };
}

function combine(
  left: ReadonlySet<SeedRse>,
  operator: string,
  right: ReadonlySet<SeedRse>,
): ReadonlySet<SeedRse> {
  if (operator === '|') return new Set([...left, ...right]);
  const both = operator === '&';
  return new Set([...left].filter((rse) => right.has(rse) === both));
}

function matches(rse: SeedRse, term: string): boolean {
  if (term === '*') return true;
  const [, key = '', operator = '', wanted = ''] = /^([^=<>]+)([=<>])(.+)$/.exec(term) ?? [];
  if (operator === '') return rse.rse === term;
  // Rucio takes columns of its table for attributes.
  const value = key === 'rse_type' ? rse.type : rse.attributes[key];
  if (value === undefined) return false;
  if (operator === '=') return value === wanted;
  return operator === '<' ? Number(value) < Number(wanted) : Number(value) > Number(wanted);
}
