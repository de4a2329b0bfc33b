import fc from 'fast-check';

import { isDeeperThan } from '../../../server/plugins/json-body';

/** Depth by another way: of the parsed value instead of the text. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('the depth of a JSON text', () => {
  it('is that of the value, whatever its strings hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: 'grapheme' }), (value) => {
        const text = JSON.stringify(value);
        const depth = depthOf(value);
        expect(isDeeperThan(text, depth)).toBe(false);
        if (depth > 0) expect(isDeeperThan(text, depth - 1)).toBe(true);
      }),
    );
  });

  it('ignores brackets and escapes in strings', () => {
    expect(isDeeperThan(JSON.stringify({ a: '[[[{{{\\"[[' }), 1)).toBe(false);
  });

  it('is found without recursion', () => {
    expect(isDeeperThan('['.repeat(1_000_000), 64)).toBe(true);
  });
});
