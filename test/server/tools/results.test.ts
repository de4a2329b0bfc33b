import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import { clampPage } from '../../../server/tools/params';
import {
  type Item,
  DEFAULT_PAGE_TOKENS,
  MAX_ANSWER_TOKENS,
  MAX_READ,
  pageTokensOf,
  readPage,
  toTable,
  truncationOf,
} from '../../../server/tools/results';

function item(name: string, scope = 'mock'): Item {
  return { sortKey: `${scope}:${name}`, did: { scope, name }, rows: [[1]] };
}

function* endless(): Generator<Item> {
  for (let index = 0; ; index += 1) yield item(`f${index}`);
}

async function* slowly(items: Iterable<Item>): AsyncGenerator<Item> {
  for (const next of items) yield await Promise.resolve(next);
}

const sha512 = (text: string) => createHash('sha512').update(text).digest('hex');

/** A rule as ATLAS has them: a long name, and an id that takes many tokens. */
function longRule(index: number): Item {
  const name = `mc20_13TeV.${410_000 + index}.PhPy8EG_A14_ttbar_nonallhad.deriv.DAOD_PHYS.e6337_p5855`;
  const id = createHash('md5').update(name).digest('hex');
  return {
    sortKey: name,
    did: { scope: 'mc20_13TeV', name },
    rows: [[id, 'STUCK', 'DESY-HH_DATADISK', 32_273_587_553 + index]],
  };
}

const names = (rows: readonly (readonly unknown[])[]) => rows.map(([name]) => name);

describe('readPage and toTable', () => {
  it('split any list into pages that together are the sorted list', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,6}$/), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (all, limit) => {
          const seen: unknown[] = [];
          let offset: number | null = 0;
          while (offset !== null) {
            const items = slowly(all.map((name) => item(name)));
            const table = toTable(['did', 'n'], await readPage(items, { limit, offset }));
            expect(table.total).toBe(all.length);
            seen.push(...names(table.rows));
            offset = table.next_offset;
          }
          expect(seen).toEqual([...all].sort());
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are exact up to the bound', async () => {
    const items = Array.from({ length: MAX_READ }, (_, index) => item(`f${MAX_READ - index}`));
    const page = await readPage(slowly(items), { limit: 2, offset: 0 });
    expect(toTable(['did', 'n'], page)).toEqual({
      scope: 'mock',
      columns: ['name', 'n'],
      rows: [
        ['f1', 1],
        ['f10', 1],
      ],
      total: MAX_READ,
      next_offset: 2,
    });
  });

  it('stop reading behind the bound and keep the order of the server', async () => {
    let taken = 0;
    async function* counted(): AsyncGenerator<Item> {
      for await (const next of slowly(endless())) {
        taken += 1;
        yield next;
      }
    }
    const page = await readPage(counted(), { limit: 3, offset: 9 });
    expect(taken).toBe(MAX_READ + 1);
    expect(toTable(['did', 'n'], page)).toEqual({
      scope: 'mock',
      columns: ['name', 'n'],
      rows: [
        ['f9', 1],
        ['f10', 1],
        ['f11', 1],
      ],
      total: '10000+',
      next_offset: 12,
      order: 'server',
      note: 'more than 10000 entries, in no stable order: narrow the request',
    });
  });

  it('reach any depth of a longer list, and stop behind the page', async () => {
    const reports: number[] = [];
    const page = await readPage(
      slowly(endless()),
      { limit: 2, offset: 25_000 },
      {
        progress: ({ done }) => reports.push(done),
      },
    );
    expect(page.count).toBe(25_002);
    expect(reports).toEqual([10_000, 20_000]);
    expect(toTable(['did', 'n'], page)).toMatchObject({
      rows: [
        ['f25000', 1],
        ['f25001', 1],
      ],
      total: '10000+',
      next_offset: 25_002,
      order: 'server',
    });
  });

  it('know the exact number of a longer list at its end', async () => {
    const items = Array.from({ length: MAX_READ + 3 }, (_, index) => item(`f${index}`));
    const page = await readPage(slowly(items), { limit: 5, offset: MAX_READ + 1 });
    expect(toTable(['did', 'n'], page)).toMatchObject({
      rows: [
        [`f${MAX_READ + 1}`, 1],
        [`f${MAX_READ + 2}`, 1],
      ],
      total: MAX_READ + 3,
      next_offset: null,
      order: 'server',
    });
  });

  it('go on without a gap where a page reaches over the bound', async () => {
    const page = await readPage(slowly(endless()), { limit: 4, offset: MAX_READ - 2 });
    expect(names(toTable(['did', 'n'], page).rows)).toEqual(
      [-2, -1, 0, 1].map((step) => `f${MAX_READ + step}`),
    );
  });

  it('answer an empty page behind the end of a short list', async () => {
    const table = toTable(
      ['did', 'n'],
      await readPage(slowly([item('a')]), { limit: 3, offset: 50 }),
    );
    expect(table).toEqual({ columns: ['did', 'n'], rows: [], total: 1, next_offset: null });
  });

  it('write a scope once only when all rows share it', async () => {
    const items = slowly([item('a', 's1'), item('a', 's2')]);
    const table = toTable(['did', 'n'], await readPage(items, { limit: 9, offset: 0 }));
    expect(table).toMatchObject({
      columns: ['did', 'n'],
      rows: [
        ['s1:a', 1],
        ['s2:a', 1],
      ],
    });
    expect(table).not.toHaveProperty('scope');
  });

  it('never make an answer larger than the cap, and say where it goes on', async () => {
    const long = (index: number) => item(`${String(index).padStart(4, '0')}-${'ä'.repeat(280)}`);
    const items = Array.from({ length: 1000 }, (_, index) => long(index));
    const page = await readPage(slowly(items), { limit: 1000, offset: 100 });
    const table = toTable(['did', 'n'], page);
    expect(countTokens(JSON.stringify(table))).toBeLessThanOrEqual(MAX_ANSWER_TOKENS);
    expect(table.rows.length).toBeGreaterThan(20);
    expect(table.next_offset).toBe(100 + table.rows.length);
    expect(table.note).toMatch(/^cut to fit/);
    expect(truncationOf(table)).toBe('size');
  });

  it('keep a page short for a caller who names no limit, and never leave a gap', async () => {
    const rules = Array.from({ length: 200 }, (_, index) => longRule(index));
    const seen: unknown[] = [];
    for (let offset: number | null = 0; offset !== null;) {
      const page = await readPage(
        slowly(rules),
        { limit: 50, offset },
        { pageTokens: pageTokensOf({ offset }) },
      );
      const table = toTable(['did', 'id', 'state', 'rse_expression', 'bytes'], page);
      expect(countTokens(JSON.stringify(table))).toBeLessThanOrEqual(DEFAULT_PAGE_TOKENS);
      expect(table.rows.length).toBeGreaterThan(10);
      expect(table.note).toMatch(/^a short page, since no limit was given/);
      seen.push(...names(table.rows));
      offset = table.next_offset;
      if (seen.length > 150) break;
    }
    expect(seen).toEqual(rules.slice(0, seen.length).map(({ did }) => did?.name));
  });

  it('give the rows that a limit asks for, up to the cap', async () => {
    const rules = Array.from({ length: 200 }, (_, index) => longRule(index));
    const page = await readPage(
      slowly(rules),
      { limit: 60, offset: 0 },
      { pageTokens: pageTokensOf({ limit: 60 }) },
    );
    expect(toTable(['did', 'id', 'state', 'rse_expression', 'bytes'], page).rows).toHaveLength(60);
  });

  it('show an entry whole that alone is longer than a short page', async () => {
    const rows = Array.from({ length: 60 }, () => ['CERN-PROD_DATADISK', 'x'.repeat(200)]);
    const items = slowly([{ ...item('a'), rows }, item('b')]);
    const page = await readPage(
      items,
      { limit: 5, offset: 0 },
      { pageTokens: DEFAULT_PAGE_TOKENS },
    );
    const table = toTable(['did', 'rse', 'pfn'], page);
    expect(table.rows).toHaveLength(60);
    expect(table.next_offset).toBe(1);
  });

  it('cut the rows of a single entry that is too large', async () => {
    const rows = Array.from({ length: 500 }, () => ['x'.repeat(300)]);
    const items = slowly([{ ...item('a'), rows }, item('b')]);
    const table = toTable(['did', 'pfn'], await readPage(items, { limit: 5, offset: 0 }));
    expect(countTokens(JSON.stringify(table))).toBeLessThanOrEqual(MAX_ANSWER_TOKENS);
    expect(table.note).toMatch(/the entry has more rows than fit/);
    expect(truncationOf(table)).toBe('size');
    expect(table.next_offset).toBe(1);
  });

  it('never split an entry between pages', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => [index, sha512(`${index}`)]);
    const items = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...item(name), rows }));
    const table = toTable(
      ['did', 'n', 'pfn'],
      await readPage(slowly(items), { limit: 5, offset: 0 }),
    );
    expect(table.rows.length % 30).toBe(0);
    expect(table.next_offset).toBe(table.rows.length / 30);
  });
});

describe('clampPage', () => {
  it.each([
    [50, 0, 50, 0],
    [0, -5, 1, 0],
    [-1, 3, 1, 3],
    [1_000_000, 2, 1000, 2],
  ])('brings %i, %i into bounds', (limit, offset, clampedLimit, clampedOffset) => {
    expect(clampPage({ limit, offset })).toEqual({ limit: clampedLimit, offset: clampedOffset });
  });
});
