import fc from 'fast-check';

import { RuleRow } from '../../../../server/rucio/schemas/rules';
import { RuleSummary } from '../../../../server/tools/rules/rule-summary';

const ruleOf = (name: string, bytes: number | null): RuleRow =>
  RuleRow.parse({ id: name, scope: 'mock', name, state: 'OK', rse_expression: 'ONE', bytes });

describe('RuleSummary', () => {
  it('names the rules on the most bytes, in any order of reading', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { maxLength: 40 }), (sizes) => {
        const summary = new RuleSummary();
        for (const size of sizes) summary.add(ruleOf(`d${size}`, size));
        const wanted = sizes.toSorted((a, b) => b - a).slice(0, 5);
        expect(summary.largest.rows.map((row) => row.at(-1))).toEqual(wanted);
        expect(summary.largest.rows.map(([did]) => did)).toEqual(wanted.map((n) => `mock:d${n}`));
        expect(summary.rules).toBe(sizes.length);
      }),
    );
  });

  it('leaves out data whose size Rucio does not tell', () => {
    const summary = new RuleSummary();
    summary.add(ruleOf('open', null));
    summary.add(ruleOf('small', 1));
    expect(summary.largest.rows.map(([did]) => did)).toEqual(['mock:small']);
    expect(summary.notes.join()).toContain('1 rules are on open data');
  });
});
