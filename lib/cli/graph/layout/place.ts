/**
 * The tops of boxes in one column, in their order and a gap apart, as near as can be to where each
 * would like to be: least squares under an order, solved by pooling neighbours that collide.
 *
 * @see https://doi.org/10.2307/2284712 (Barlow and Brunk, The Isotonic Regression Problem)
 */
export function place(
  wanted: readonly number[],
  heights: readonly number[],
  gap: number,
): readonly number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const height of heights) {
    offsets.push(offset);
    offset += height + gap;
  }
  const pools: { sum: number; count: number }[] = [];
  wanted.forEach((top, index) => {
    let pool = { sum: top - (offsets[index] ?? 0), count: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && mean(last) > mean(pool);
      last = pools.at(-1)
    ) {
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  });
  const bases = pools.flatMap((pool) => Array.from({ length: pool.count }, () => mean(pool)));
  return bases.map((base, index) => base + (offsets[index] ?? 0));
}

function mean({ sum, count }: { readonly sum: number; readonly count: number }): number {
  return sum / count;
}
