import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import { estimateTokens } from '../../../server/tools/token-estimate';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const bytes = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const dataset = fc
  .tuple(fc.integer({ min: 100_000, max: 999_999 }), fc.integer({ min: 1, max: 9999 }))
  .map(([run, tag]) => `data24_13p6TeV.00${run}.physics_Main.deriv.DAOD_PHYS.r${tag}_p5855`);
const file = fc
  .tuple(fc.integer({ min: 1_000_000, max: 99_999_999 }), fc.integer({ min: 1, max: 999_999 }))
  .map(([task, n]) => `DAOD_PHYS.${task}._${String(n).padStart(6, '0')}.pool.root.1`);
const url = fc
  .tuple(hex(2), hex(2), file)
  .map(([a, b, name]) => `root://eos.example.org:1094//eos/atlas/rucio/data24/${a}/${b}/${name}`);
const rows = (...cells: fc.Arbitrary<unknown>[]) =>
  fc.array(fc.tuple(...cells), { minLength: 30, maxLength: 60 }).map((all) => JSON.stringify(all));

describe('estimateTokens', () => {
  test.each([
    ['rules', rows(dataset, hex(32), fc.constantFrom('OK', 'REPLICATING', 'STUCK'), bytes)],
    ['files', rows(file, bytes, hex(8))],
    ['replicas', rows(file, bytes, fc.constant('CERN-PROD_DATADISK'), url)],
  ])('is within an eighth of the real count for %s', (_, text) => {
    fc.assert(
      fc.property(text, (json) => {
        const ratio = estimateTokens(json) / countTokens(json);
        expect(ratio).toBeGreaterThan(0.875);
        expect(ratio).toBeLessThan(1.25);
      }),
      { numRuns: 30 },
    );
  });

  it('never grows smaller when a text grows', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(estimateTokens(a + b)).toBeGreaterThanOrEqual(estimateTokens(a));
      }),
    );
  });

  it('is 0 for nothing', () => {
    expect(estimateTokens('')).toBe(0);
  });
});
