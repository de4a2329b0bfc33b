import { longList, ndjson } from '../../../support/fault-server';
import {
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';

const SEARCH = 'GET /dids/mock/dids/search';
const row = (name: string, more: object = {}) => ({
  scope: 'mock',
  name,
  did_type: 'DATASET',
  bytes: 1000,
  length: 2,
  ...more,
});

let rucio: RucioOnFaultServer;

beforeEach(async () => {
  rucio = await rucioOnFaultServer();
});
afterEach(() => rucio.close());

const list = (args: object) => runTool('rucio_list_dids', args, rucio);
const asked = () => Object.fromEntries(rucio.server.seen(SEARCH)[0]!.query);

describe('rucio_list_dids', () => {
  it('answers sorted, with exact sizes and the scope once', async () => {
    rucio.server.on(
      SEARCH,
      ndjson([
        row('b', { bytes: null, length: null }),
        row('a'),
        '{"name": "c", "scope": "mock", "bytes": 9007199254740993, "did_type": "FILE", "length": 1}',
      ]),
    );
    await expect(list({ did_pattern: 'mock:*' })).resolves.toEqual({
      scope: 'mock',
      columns: ['name', 'type', 'files', 'bytes'],
      rows: [
        ['a', 'DATASET', 2, 1000],
        ['b', 'DATASET', null, null],
        ['c', 'FILE', 1, '9007199254740993'],
      ],
      total: 3,
      next_offset: null,
    });
    expect(asked()).toEqual({
      name: '*',
      type: 'collection',
      long: 'True',
      recursive: 'False',
      limit: '10001',
    });
  });

  it('hands on type, filters and recursion', async () => {
    rucio.server.on(SEARCH, ndjson([row('a')]));
    await list({
      did_pattern: ' `mock:a*` ',
      did_type: 'DATASET',
      filters: 'datatype = DAOD, run_number.gte=5 ,created_after=2026-01-01T00:00:00',
      recursive: true,
    });
    expect(asked()).toMatchObject({
      name: 'a*',
      type: 'dataset',
      recursive: 'True',
      datatype: 'DAOD',
      'run_number.gte': '5',
      created_after: '2026-01-01T00:00:00',
    });
  });

  it('lists a DID once that recursion yields several times', async () => {
    rucio.server.on(SEARCH, ndjson(['a', 'c', 'a', 'b', 'c'].map((name) => row(name))));
    const result = await list({ did_pattern: 'mock:a*', recursive: true });
    expect(result).toMatchObject({ total: 3 });
    expect((result['rows'] as string[][]).map(([name]) => name)).toEqual(['a', 'b', 'c']);
    expect(asked()).not.toHaveProperty('limit');
  });

  it('shows names from Rucio as harmless data', async () => {
    const name = `a\u202Eb\u0007${'x'.repeat(400)}`;
    rucio.server.on(SEARCH, ndjson([row(name)]));
    const { rows } = (await list({ did_pattern: 'mock:a*' })) as { rows: string[][] };
    expect(rows[0]?.[0]).toMatch(/^a\\u\{202E\}b\\u\{7\}x+…$/);
    expect(rows[0]?.[0]).toHaveLength(300);
  });

  it('takes the scope from the name when there is no colon', async () => {
    const search = 'GET /dids/user.jdoe/dids/search';
    rucio.server.on(search, ndjson([]));
    await list({ did_pattern: 'user.jdoe.data*' });
    expect(rucio.server.seen(search).at(-1)?.query.get('name')).toBe('user.jdoe.data*');
  });

  it.each([
    [{ did_pattern: 'mock:exact' }, 'search with did_type=all: only collections were looked for'],
    [
      { did_pattern: 'mock:exact', did_type: 'all' },
      'use * in the name: without it only the exact name matches',
    ],
    [{ did_pattern: 'mock:x*', did_type: 'all' }, 'check the scope: an unknown scope has no DIDs'],
  ])('gives a hint when nothing is found: %j', async (args, next) => {
    rucio.server.on(SEARCH, ndjson([]));
    await expect(list(args)).resolves.toMatchObject({ rows: [], total: 0, next });
  });

  it.each([
    [{ did_pattern: '*:*' }, 'TOO_BROAD'],
    [{ did_pattern: 'mock:*', recursive: true }, 'TOO_BROAD'],
    [{ did_pattern: 'mock:**', recursive: true }, 'TOO_BROAD'],
    [{ did_pattern: 'mo*:x' }, 'BAD_ARGUMENT'],
    [{ did_pattern: '*:x' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'data*' }, 'BAD_ARGUMENT'],
    [{ did_pattern: '../x:a' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'a/../b:a' }, 'BAD_ARGUMENT'],
    [{ did_pattern: '' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'mock:x', filters: 'nonsense' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'mock:x', filters: 'a=1,a=2' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'mock:x', filters: 'name=y' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'mock:x', filters: 'name.ne=y' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'mock:x', filters: 'long=False' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'mock:x', filters: 'limit=1' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'mock:x', filters: '__proto__=1' }, undefined],
    [{ did_pattern: 'mock:x', filters: 'a=1,,' }, 'BAD_ARGUMENT'],
    [{ did_pattern: 'mock:x', filters: 'a=\u0007' }, 'BAD_ARGUMENT'],
  ])('refuses %j before any search', async (args, code) => {
    rucio.server.on(SEARCH, ndjson([]));
    if (code === undefined) {
      // A strange key is still only a key.
      await list(args);
      expect(rucio.server.seen(SEARCH)).toHaveLength(1);
      return;
    }
    const error = await toolFailure(list(args));
    expect(error.code).toBe(code);
    expect(rucio.server.requests.filter(({ rawPath }) => rawPath.startsWith('/dids'))).toEqual([]);
  });

  it('stops the server early when the list is long', async () => {
    const endless = longList((index) => row(`f${index}`), 200_000);
    rucio.server.on(SEARCH, endless.behaviour);
    const result = await list({ did_pattern: 'mock:f*', limit: 50 });
    expect(result).toMatchObject({ total: '10000+', order: 'server', next_offset: 50 });
    expect(result['rows']).toHaveLength(50);
    await rucio.server.seen(SEARCH)[0]?.closed;
    expect(endless.written()).toBeLessThan(150_000);
  });

  it('keeps the largest page within the cap of an answer', async () => {
    const rows = Array.from({ length: 2000 }, (_, index) =>
      row(`${'long-name.'.repeat(20)}${String(index).padStart(5, '0')}`),
    );
    rucio.server.on(SEARCH, ndjson(rows));
    const result = await list({ did_pattern: 'mock:*', limit: 1_000_000 });
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(24_000);
    expect(result).toMatchObject({
      total: 2000,
      note: expect.stringMatching(/^cut to fit into one answer/) as string,
    });
  });
});
