import fc from 'fast-check';

import {
  type LayoutEdge,
  type LayoutNode,
  type PlacedBox,
  layered,
} from '../../../../lib/cli/graph/layout/layered';
import { place } from '../../../../lib/cli/graph/layout/place';

const OPTIONS = { gap: 20, channel: () => 60 };

interface Drawing {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
}

/** Any boxes in up to five columns, and any lines that lead to a later column. */
const drawings: fc.Arbitrary<Drawing> = fc
  .array(
    fc.record({
      layer: fc.nat(4),
      width: fc.integer({ min: 40, max: 300 }),
      height: fc.integer({ min: 20, max: 400 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { minLength: 1, maxLength: 16 },
  )
  .chain((shapes) => {
    const nodes = shapes.map(({ layer, width, height, share }, index): LayoutNode => {
      const top = Math.floor((height * share) / 2);
      return { id: `n${index}`, layer, width, height, ports: { top, height: height - 2 * top } };
    });
    const pairs = nodes.flatMap((from) =>
      nodes.filter((to) => from.layer < to.layer).map((to) => ({ from: from.id, to: to.id })),
    );
    return fc.record({ nodes: fc.constant(nodes), edges: fc.subarray(pairs) });
  });

function overlap(a: PlacedBox, b: PlacedBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('no two boxes overlap, and everything is inside of the picture', () => {
  fc.assert(
    fc.property(drawings, ({ nodes, edges }) => {
      const { boxes, width, height } = layered(nodes, edges, OPTIONS);
      expect(boxes).toHaveLength(nodes.length);
      boxes.forEach((box, index) => {
        expect(boxes.slice(index + 1).filter((other) => overlap(box, other))).toEqual([]);
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(height);
      });
    }),
  );
});

test('every line starts at the right side of its first box and ends at the left side of its last', () => {
  fc.assert(
    fc.property(drawings, ({ nodes, edges }) => {
      const { boxes, routes } = layered(nodes, edges, OPTIONS);
      expect(routes.map(({ from, to }) => ({ from, to }))).toEqual(edges);
      const at = new Map(boxes.map((box) => [box.id, box]));
      for (const { from, to, points } of routes) {
        const [source, target] = [at.get(from)!, at.get(to)!];
        const [first, last] = [points[0]!, points.at(-1)!];
        expect(first.x).toBe(source.x + source.width);
        expect(last.x).toBe(target.x);
        for (const [box, { y }] of [
          [source, first],
          [target, last],
        ] as const) {
          expect(y).toBeGreaterThanOrEqual(box.y);
          expect(y).toBeLessThanOrEqual(box.y + box.height);
        }
      }
    }),
  );
});

test('no line passes through a box, and lines only lead to the right', () => {
  fc.assert(
    fc.property(drawings, ({ nodes, edges }) => {
      const { boxes, routes } = layered(nodes, edges, OPTIONS);
      for (const { points } of routes) {
        points.slice(1).forEach((end, index) => {
          const start = points[index]!;
          expect(end.x).toBeGreaterThanOrEqual(start.x);
          // A curve stays in the rectangle of its ends.
          const hit = boxes.filter(
            (box) =>
              start.x < box.x + box.width &&
              box.x < end.x &&
              Math.min(start.y, end.y) < box.y + box.height &&
              box.y < Math.max(start.y, end.y) + 1,
          );
          expect(hit).toEqual([]);
        });
      }
    }),
  );
});

test('a line that leads back, or ends nowhere, is refused', () => {
  const nodes = [0, 1].map((layer) => ({
    id: `n${layer}`,
    layer,
    width: 10,
    height: 10,
    ports: { top: 0, height: 10 },
  }));
  expect(() => layered(nodes, [{ from: 'n1', to: 'n0' }], OPTIONS)).toThrow(TypeError);
  expect(() => layered(nodes, [{ from: 'n0', to: 'n9' }], OPTIONS)).toThrow(TypeError);
  expect(layered([], [], OPTIONS)).toEqual({ boxes: [], routes: [], width: 0, height: 0 });
});

test('boxes of a column keep their order and gap, and stand where they wish where they can', () => {
  const wishes = fc.array(
    fc.record({ wanted: fc.integer({ min: -1e4, max: 1e4 }), height: fc.nat(500) }),
  );
  fc.assert(
    fc.property(wishes, fc.nat(50), (boxes, gap) => {
      const wanted = boxes.map((box) => box.wanted);
      const heights = boxes.map(({ height }) => height);
      const tops = place(wanted, heights, gap);
      tops.slice(1).forEach((top, index) => {
        expect(top).toBeGreaterThanOrEqual(tops[index]! + heights[index]! + gap - 1e-6);
      });
      // Least squares: moving all of them together never helps.
      const off = tops.reduce((sum, top, index) => sum + top - wanted[index]!, 0);
      expect(Math.abs(off)).toBeLessThan(1e-3 * (boxes.length + 1));
    }),
  );
  expect(place([0, 100, 30], [20, 20, 20], 10)).toEqual([0, 50, 80]);
});
