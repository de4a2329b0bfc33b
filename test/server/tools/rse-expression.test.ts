import fc from 'fast-check';

import { parseRseExpression } from '../../../server/tools/rse-expression';

const name = fc.stringMatching(/^[A-Z]{2,8}-[A-Z]{2,4}_[A-Z]{4,8}$/);
const attribute = fc
  .tuple(
    fc.stringMatching(/^[a-z_]{1,8}$/),
    fc.constantFrom('=', '<', '>'),
    fc.stringMatching(/^[A-Za-z0-9]{1,6}$/),
  )
  .map((parts) => parts.join(''));
const term = fc.oneof(name, attribute, fc.constant('*'));

/** An expression and its terms. */
const expression = fc.letrec<{ all: readonly [string, readonly string[]] }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 4 },
    term.map((text) => [text, [text]] as const),
    tie('all').map(([text, terms]) => [`(${text})`, terms] as const),
    fc
      .tuple(tie('all'), fc.constantFrom('|', '&', '\\'), tie('all'))
      .map(([[a, left], operator, [b, right]]) => [a + operator + b, [...left, ...right]] as const),
  ),
})).all;

describe('parseRseExpression', () => {
  it('finds the terms of every well-formed expression', () => {
    fc.assert(
      fc.property(expression, ([text, terms]) => {
        expect(parseRseExpression(text)).toEqual({ terms });
      }),
    );
  });

  it('tells of any text a place inside it, or its terms', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseRseExpression(text);
        if ('terms' in parsed) return;
        expect(parsed.problem.position).toBeGreaterThanOrEqual(1);
        expect(parsed.problem.position).toBeLessThanOrEqual(text.length + 1);
      }),
    );
  });

  it.each([
    ['', 1],
    ['A|', 3],
    ['A||B', 3],
    ['A B', 2],
    ['A)', 2],
    ['((A)', 1],
    ['A&(B', 3],
    ['tier=', 5],
    ['été', 1],
  ])('%j is wrong at character %i', (text, position) => {
    expect(parseRseExpression(text)).toMatchObject({ problem: { position } });
  });
});
