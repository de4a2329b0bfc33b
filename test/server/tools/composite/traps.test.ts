import { json, ndjson, rucioError } from '../../../support/fault-server';
import type { RucioOnFaultServer } from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';
import { addDataset, addUsage, rule, smallRucio } from './small-rucio';

let rucio: RucioOnFaultServer;
beforeEach(async () => {
  rucio = await smallRucio();
});
afterEach(() => rucio.close());

const run = (name: Parameters<typeof runTool>[0], args: object) =>
  runTool(name, args, rucio, { account: 'jdoe' });

const DS = { did: 'mock:ds' };

describe('traps of Rucio', () => {
  it('asks for replicas without an RSE expression: with one, missing files would be left out', async () => {
    addDataset(rucio, [
      { name: 'a', states: { ONE_DISK: 'AVAILABLE' } },
      { name: 'b', bytes: 250, states: { OLD_TAPE: 'AVAILABLE' } },
      { name: 'c', bytes: 1, states: {} },
    ]);
    const answer = await run('rucio_find_missing_files', DS);
    expect(answer).toMatchObject({
      rse_expression: 'rse_type=DISK',
      files: 3,
      missing: 2,
      missing_bytes: 251,
      nowhere: 1,
      rows: [
        ['b', 250, 'OLD_TAPE'],
        ['c', 1, null],
      ],
      elsewhere: { rows: [['OLD_TAPE', 'TAPE', 1]] },
    });
    const [request] = rucio.server.seen('POST /replicas/list');
    expect(JSON.parse(request?.body ?? '')).not.toHaveProperty('rse_expression');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ all_states: true });
  });

  it('takes UNAVAILABLE and COPYING replicas for no copies', async () => {
    addDataset(rucio, [
      { name: 'a', states: { ONE_DISK: 'AVAILABLE', TWO_DISK: 'COPYING' } },
      { name: 'b', states: { ONE_DISK: 'UNAVAILABLE', TWO_DISK: 'BAD' } },
    ]);
    const located = await run('rucio_locate_data', DS);
    expect(located).toMatchObject({
      rows: [['ONE_DISK', 'DISK', 'ONE_DISK-SITE', 1, 50, 100, 'root']],
      coming: { rows: [['TWO_DISK', 1, 'COPYING', null]] },
      not_copies: { rows: [['ONE_DISK', 1, 'UNAVAILABLE']] },
    });
    expect(located['verdict']).toContain('1 file without any copy');
    expect(await run('rucio_find_missing_files', DS)).toMatchObject({ missing: 1, nowhere: 1 });
  });

  it('says when figures are cached ones of Rucio, which may be wrong', async () => {
    addDataset(rucio, [], { length: 20_001, bytes: 5 });
    rucio.server.on(
      'POST /replicas/datasets_bulk',
      ndjson([
        {
          scope: 'mock',
          name: 'ds',
          rse: 'ONE_DISK',
          available_length: 20_001,
          available_bytes: 5,
        },
        { scope: 'mock', name: 'ds', rse: 'TWO_DISK', available_length: 0, available_bytes: 0 },
      ]),
    );
    const located = await run('rucio_locate_data', DS);
    expect(located).toMatchObject({ counters: 'cached', total: 1 });
    expect(located['note']).toContain('may lag');
    expect(rucio.server.seen('POST /replicas/list')).toHaveLength(0);
  });

  it.each([
    ['rucio_describe_did', DS],
    ['rucio_locate_data', DS],
    ['rucio_find_missing_files', DS],
    ['rucio_match_subscriptions', DS],
    ['rucio_plan_rule', { dids: 'mock:ds', rse_expression: 'ONE_DISK' }],
    ['rucio_quota_overview', DS],
  ] as const)('%s tells an unknown DID from one without anything', async (name, args) => {
    addUsage(rucio, []);
    const unknown = rucioError(404, 'DataIdentifierNotFound', 'Data identifier not found.');
    rucio.server.on('GET /dids/mock/ds/status', unknown);
    rucio.server.on('GET /dids/mock/ds/meta', unknown);
    rucio.server.on('GET /subscriptions/', ndjson([]));
    const error = await toolFailure(run(name, args));
    expect(error.code).toBe('DID_NOT_FOUND');
  });

  it('says which copies no rule protects', async () => {
    addDataset(rucio, [{ name: 'a', states: { ONE_DISK: 'AVAILABLE' } }]);
    expect((await run('rucio_describe_did', DS))['note']).toContain('no rule protects');
    rucio.server.on(
      'GET /dids/mock/ds/parents',
      ndjson([{ scope: 'mock', name: 'box', type: 'CONTAINER' }]),
    );
    expect((await run('rucio_describe_did', DS))['note']).toContain('rules on its parents');
    rucio.server.on('GET /dids/mock/ds/rules', ndjson([rule()]));
    expect(await run('rucio_describe_did', DS)).not.toHaveProperty('note');
  });
});

describe('rucio_plan_rule has the numbers that errors of Rucio do not tell', () => {
  const plan = (rse_expression: string, more: object = {}) =>
    run('rucio_plan_rule', { dids: 'mock:ds', rse_expression, ...more });
  const rows = (answer: Record<string, unknown>) =>
    (answer['candidates'] as { rows: unknown[][] }).rows;

  beforeEach(() => {
    addDataset(rucio, [
      { name: 'a', bytes: 600, states: { ONE_DISK: 'AVAILABLE' } },
      { name: 'b', bytes: 600, states: {} },
    ]);
    addUsage(
      rucio,
      [
        { rse: 'ONE_DISK', bytes: 500, files: 5, bytes_limit: 1000, bytes_remaining: 500 },
        { rse: 'TWO_DISK', bytes: 0, files: 0, bytes_limit: 9000, bytes_remaining: 9000 },
      ],
      { ONE_DISK: 1000, TWO_DISK: 9000, OLD_TAPE: 'Infinity' },
    );
  });

  it('how much quota is missing', async () => {
    const answer = await plan('ONE_DISK');
    expect(answer).toMatchObject({ possible: false, bytes: 1200, files: 2 });
    expect(rows(answer)).toEqual([
      ['ONE_DISK', 'DISK', true, 500, 1_000_000, 50, 600, false, 'quota: 700 B too little'],
    ]);
  });

  it('counts a file of two datasets twice against the quota, as Rucio does, and moves it once', async () => {
    addDataset(rucio, [{ name: 'a', bytes: 600, states: { TWO_DISK: 'AVAILABLE' } }], {
      bytes: 1200,
      length: 2,
      type: 'CONTAINER',
    });
    addUsage(
      rucio,
      [{ rse: 'ONE_DISK', bytes: 0, files: 0, bytes_limit: 700, bytes_remaining: 700 }],
      { ONE_DISK: 700 },
    );
    const [row] = rows(await plan('ONE_DISK'));
    expect(row?.slice(-3)).toEqual([600, false, 'quota: 500 B too little']);
  });

  it('that a quota of just the size does not suffice', async () => {
    addUsage(
      rucio,
      [{ rse: 'ONE_DISK', bytes: 0, files: 0, bytes_limit: 1200, bytes_remaining: 1200 }],
      { ONE_DISK: 1200 },
    );
    expect(rows(await plan('ONE_DISK'))[0]?.at(-1)).toBe('quota: 1 B too little');
  });

  it('which RSE is not writable, has no quota, or too little space', async () => {
    expect(rows(await plan('TWO_DISK'))[0]?.at(-1)).toBe('not writable now');
    expect(rows(await plan('DOWN_DISK'))[0]?.at(-1)).toBe('no quota');
    rucio.server.on(
      'GET /rses/OLD_TAPE/usage',
      ndjson([{ rse: 'OLD_TAPE', source: 'storage', used: 1, free: 7 }]),
    );
    expect(rows(await plan('OLD_TAPE'))[0]?.at(-1)).toBe('only 7 B free');
  });

  it('which rule exists already, instead of an SQL error', async () => {
    rucio.server.on('GET /dids/mock/ds/rules', ndjson([rule({ rse_expression: 'OLD_TAPE' })]));
    const answer = await plan('OLD_TAPE');
    expect(answer).toMatchObject({
      possible: false,
      duplicates: { rows: [['mock:ds', expect.any(String), 'REPLICATING']] },
    });
    expect(await plan('OLD_TAPE', { copies: 2 })).not.toHaveProperty('duplicates');
  });

  it('that Rucio locks rules for tape itself', async () => {
    const { warnings, possible } = await plan('OLD_TAPE');
    expect(possible).toBe(true);
    expect(warnings).toContainEqual(expect.stringContaining('Rucio locks such rules itself'));
  });

  it('and a plan only where writes are allowed', async () => {
    expect(await plan('OLD_TAPE')).not.toHaveProperty('plan');
    const args = { dids: 'mock:ds', rse_expression: 'OLD_TAPE' };
    const allowed = await runTool('rucio_plan_rule', args, rucio, {
      account: 'jdoe',
      readOnly: false,
    });
    expect(allowed['plan']).toEqual(expect.any(String));
  });
});

describe('what is not permitted', () => {
  it('is named and left out, and fails nothing', async () => {
    addDataset(rucio, [{ name: 'a', states: { ONE_DISK: 'AVAILABLE' } }]);
    const denied = rucioError(401, 'AccessDenied', 'no');
    rucio.server.on('GET /dids/mock/ds/meta', denied);
    rucio.server.on('GET /dids/mock/ds/parents', denied);
    expect(await run('rucio_describe_did', DS)).toMatchObject({
      not_permitted: ['metadata', 'parents'],
      rses: { rows: [['ONE_DISK', 'DISK', 1, 100, 100]] },
    });
  });

  it('is an error where nothing would be left: the quota of others', async () => {
    const denied = rucioError(401, 'AccessDenied', 'no');
    for (const path of ['usage/local', 'limits/local', 'usage/global']) {
      rucio.server.on(`GET /accounts/boss/${path}`, denied);
    }
    const error = await toolFailure(run('rucio_quota_overview', { account: 'boss' }));
    expect(error.code).toBe('DENIED');
  });
});

describe('progress', () => {
  it.each([
    ['rucio_locate_data', DS],
    ['rucio_find_missing_files', DS],
    ['rucio_plan_rule', { dids: 'mock:ds', rse_expression: 'ONE_DISK' }],
  ] as const)('of %s is told while files are counted', async (name, args) => {
    addUsage(rucio, []);
    addDataset(
      rucio,
      Array.from({ length: 1200 }, (_, at) => ({
        name: `f${at}`,
        states: { ONE_DISK: 'AVAILABLE' },
      })),
    );
    const seen: unknown[] = [];
    await runTool(name, args, rucio, {
      account: 'jdoe',
      progress: ({ done, total }) => seen.push([done, total]),
    });
    expect(seen).toEqual([
      [500, 1200],
      [1000, 1200],
    ]);
  });
});

describe('what is too much to look at', () => {
  const CONTAINER = { scope: 'mock', name: 'ds', type: 'CONTAINER', length: 50_000, bytes: 1 };

  it('is said of a container with very many datasets, whose figures are read in parts', async () => {
    rucio.server.on('GET /dids/mock/ds/status', json({ ...CONTAINER, account: 'jdoe' }));
    rucio.server.on('GET /dids/mock/ds/rules', ndjson([]));
    const children = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        scope: 'mock',
        name: `d${at}`,
        type: 'DATASET',
      }));
    rucio.server.on('POST /replicas/datasets_bulk', ({ request, response }) => {
      const { dids } = JSON.parse(request.body) as { dids: { name: string }[] };
      const row = { rse: 'ONE_DISK', available_length: 1, available_bytes: 5 };
      response.end(dids.map((did) => `${JSON.stringify({ ...did, ...row })}\n`).join(''));
    });
    rucio.server.on('GET /dids/mock/ds/dids', ndjson(children(2500)));
    const whole = await run('rucio_locate_data', DS);
    expect(whole).toMatchObject({
      rows: [['ONE_DISK', 'DISK', 'ONE_DISK-SITE', 2500, 5, 12_500, null]],
    });
    expect(rucio.server.seen('POST /replicas/datasets_bulk')).toHaveLength(3);
    expect(whole['note']).not.toContain('only the first');
    rucio.server.on('GET /dids/mock/ds/dids', ndjson(children(10_001)));
    expect((await run('rucio_locate_data', DS))['note']).toContain(
      'only the first 10000 datasets were looked at',
    );
  });

  it('is said of a file in very many collections', async () => {
    rucio.server.on('GET /dids/mock/ds/status', json({ ...CONTAINER, type: 'DATASET' }));
    const parents = (count: number) =>
      ndjson(
        Array.from({ length: count }, (_, at) => ({
          scope: 'mock',
          name: `c${at}`,
          type: 'CONTAINER',
        })),
      );
    for (let at = 0; at < 201; at += 1) {
      rucio.server.on(`GET /dids/mock/c${at}/rules`, ndjson([]));
      rucio.server.on(`GET /dids/mock/c${at}/parents`, ndjson([]));
    }
    rucio.server.on('GET /dids/mock/ds/rules', ndjson([]));
    const note = async () =>
      (await run('rucio_list_did_rules', { ...DS, covering: true }))['note'] as string;
    rucio.server.on('GET /dids/mock/ds/parents', parents(200));
    expect(await note()).toContain('no rule keeps it');
    rucio.server.on('GET /dids/mock/ds/parents', parents(201));
    expect(await note()).toContain('only 200 of them were looked at');
  });

  it('does not go round in a circle of collections', async () => {
    rucio.server.on('GET /dids/mock/ds/status', json({ ...CONTAINER, type: 'DATASET' }));
    rucio.server.on('GET /dids/mock/ds/rules', ndjson([rule()]));
    rucio.server.on(
      'GET /dids/mock/ds/parents',
      ndjson([{ scope: 'mock', name: 'ds', type: 'CONTAINER' }]),
    );
    expect(await run('rucio_list_did_rules', { ...DS, covering: true })).toMatchObject({
      total: 1,
    });
  });
});
