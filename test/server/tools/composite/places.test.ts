import { createHash } from 'node:crypto';

import { RseDirectory } from '../../../../server/tools/rse-directory';
import { json, ndjson, rucioError } from '../../../support/fault-server';
import { type RucioOnFaultServer, options } from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';
import { addDataset, addUsage, smallRucio } from './small-rucio';

let rucio: RucioOnFaultServer;
beforeEach(async () => {
  rucio = await smallRucio();
});
afterEach(() => rucio.close());

const run = (name: Parameters<typeof runTool>[0], args: object) =>
  runTool(name, args, rucio, { account: 'jdoe' });

describe('rucio_quota_overview', () => {
  beforeEach(() => {
    addUsage(
      rucio,
      [
        { rse: 'ONE_DISK', bytes: 500, files: 5, bytes_limit: 1000, bytes_remaining: 500 },
        { rse: 'OLD_TAPE', bytes: 9_007_199_254_740_993, files: 2 },
      ],
      { ONE_DISK: 1000, TWO_DISK: 2000, OLD_TAPE: 'Infinity' },
    );
  });

  it('lists the tightest first, unlimited ones last, and RSEs without data too', async () => {
    const answer = await run('rucio_quota_overview', {});
    expect(answer).toMatchObject({
      account: 'jdoe',
      rows: [
        ['ONE_DISK', 500, 1000, 500, 5],
        ['TWO_DISK', 0, 2000, 2000, 0],
        ['OLD_TAPE', expect.anything(), 'unlimited', 'unlimited', 2],
      ],
    });
    expect(answer['verdict']).toBe(
      'Quota: 2.5 kB left at 2 RSEs with a limit, unlimited at 1 RSE.',
    );
  });

  it('says where data fits; not where nothing can be written', async () => {
    addDataset(rucio, [{ name: 'a', bytes: 600, states: {} }]);
    const answer = await run('rucio_quota_overview', { did: 'mock:ds' });
    expect(answer).toMatchObject({ did: 'mock:ds', bytes: 600 });
    expect((answer['rows'] as unknown[][]).map((row) => [row[0], row.at(-1)])).toEqual([
      ['ONE_DISK', false],
      ['TWO_DISK', 'not writable now'],
      ['OLD_TAPE', true],
    ]);
  });

  it('takes an RSE expression', async () => {
    const answer = await run('rucio_quota_overview', { rse_expression: 'rse_type=DISK' });
    expect((answer['rows'] as unknown[][]).map(([rse]) => rse)).toEqual(['ONE_DISK', 'TWO_DISK']);
  });
});

describe('rucio_describe_rse', () => {
  it('takes the name in any case, and says what is down and full', async () => {
    const { server } = rucio;
    server.on(
      'GET /rses/DOWN_DISK',
      json({
        rse: 'DOWN_DISK',
        rse_type: 'DISK',
        deterministic: false,
        availability_read: false,
        availability_write: true,
        availability_delete: true,
        protocols: [],
      }),
    );
    server.on('GET /rses/DOWN_DISK/limits', json({ MinFreeSpace: 2_000_000 }));
    expect(await run('rucio_describe_rse', { rse: ' `down_disk` ' })).toMatchObject({
      rse: 'DOWN_DISK',
      site: 'DOWN_DISK-SITE',
      readable: false,
      flags: ['not deterministic'],
      verdict:
        'Can not be read at present. 1 MB free (99 % of 1 MB). It is full: less than MinFreeSpace.',
    });
  });

  it('counts suspicious replicas, and says so where Rucio does not tell', async () => {
    rucio.server.on('GET /rses/ONE_DISK', json({ rse: 'ONE_DISK', rse_type: 'DISK' }));
    rucio.server.on('GET /rses/ONE_DISK/limits', json({}));
    const row = (name: string, cnt: number) => ({ scope: 'mock', name, rse: 'ONE_DISK', cnt });
    rucio.server.on('GET /replicas/suspicious', json([row('b', 1), row('a', 1), row('c', 7)]));
    expect(await run('rucio_describe_rse', { rse: 'ONE_DISK' })).toMatchObject({
      suspicious: {
        rows: [
          ['mock:c', 7],
          ['mock:a', 1],
          ['mock:b', 1],
        ],
      },
    });
    const [request] = rucio.server.seen('GET /replicas/suspicious');
    expect(request?.query.get('younger_than')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    rucio.server.on('GET /replicas/suspicious', rucioError(500, 'DatabaseException', 'no'));
    const untold = await run('rucio_describe_rse', { rse: 'ONE_DISK' });
    expect(untold).not.toHaveProperty('suspicious');
    expect(untold['note']).toContain('did not tell the suspicious replicas');
    rucio.server.on('GET /replicas/suspicious', rucioError(401, 'AccessDenied', 'no'));
    expect(await run('rucio_describe_rse', { rse: 'ONE_DISK' })).toMatchObject({
      not_permitted: ['suspicious'],
    });
  });

  it('tells a name that is alike', async () => {
    const error = await toolFailure(run('rucio_describe_rse', { rse: 'ONE_DSK' }));
    expect(error.code).toBe('RSE_NOT_FOUND');
    expect(error.why).toContain('"ONE_DISK"');
  });
});

describe('rucio_resolve_pfn', () => {
  beforeEach(() => {
    rucio.server.on('POST /replicas/list', ndjson([]));
    rucio.server.on('GET /scopes/', json(['mock', 'user.jdoe']));
  });
  const pathOf = (scope: string, name: string) => {
    const hash = createHash('md5').update(`${scope}:${name}`).digest('hex');
    return `/data/rucio/${scope.replaceAll('.', '/')}/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${name}`;
  };
  const addFile = (scope: string, name: string) => {
    const path = `/dids/${scope}/${encodeURIComponent(name)}`;
    rucio.server.on(
      `GET ${path}/status`,
      json({ scope, name, type: 'FILE', bytes: 5, length: 1, account: 'jdoe' }),
    );
    rucio.server.on(`GET ${path}/parents`, ndjson([{ scope, name: 'ds', type: 'DATASET' }]));
    rucio.server.on(
      'POST /replicas/list',
      ndjson([{ scope, name, states: { ONE_DISK: 'AVAILABLE' } }]),
    );
  };

  it.each([
    ['user.jdoe', 'f.root'],
    ['mock', 'with/slashes/f.root'],
  ])('finds %s:%s by its path or URL', async (scope, name) => {
    addFile(scope, name);
    const found = {
      did: `${scope}:${name}`,
      found_by: 'path',
      parents: { rows: [[`${scope}:ds`, 'DATASET']] },
      rses: ['ONE_DISK'],
    };
    const path = pathOf(scope, name);
    expect(await run('rucio_resolve_pfn', { pfn: path })).toMatchObject(found);
    const pfn = `root://one.example.org:1094/${path}?svcClass=x`;
    expect(await run('rucio_resolve_pfn', { pfn })).toMatchObject(found);
  });

  it('asks Rucio where the path tells nothing and the RSE is named', async () => {
    const pfn = 'srm://one.example.org:8443/anything/f.root';
    addFile('mock', 'f.root');
    rucio.server.on('POST /replicas/dids', ndjson([{ [pfn]: { scope: 'mock', name: 'f.root' } }]));
    expect(await run('rucio_resolve_pfn', { pfn, rse: 'one_disk' })).toMatchObject({
      did: 'mock:f.root',
      found_by: 'url',
    });
  });

  it('does not take for a file what Rucio only reads from the path', async () => {
    const pfn = 'srm://one.example.org:8443/mock/00/00/f.root';
    rucio.server.on('POST /replicas/dids', ndjson([{ [pfn]: { scope: 'mock', name: 'f.root' } }]));
    rucio.server.on(
      'GET /dids/mock/f.root/status',
      rucioError(404, 'DataIdentifierNotFound', 'not found'),
    );
    const error = await toolFailure(run('rucio_resolve_pfn', { pfn, rse: 'ONE_DISK' }));
    expect(error.code).toBe('NOT_FOUND');
  });

  it('asks for a thousand names at most, in two calls, however long the path is', async () => {
    const pfn = `/${Array.from({ length: 600 }, (_, index) => `u${index}`).join('/')}`;
    const error = await toolFailure(run('rucio_resolve_pfn', { pfn: pfn.slice(-1900) }));
    expect(error.code).toBe('NOT_FOUND');
    const requests = rucio.server.seen('POST /replicas/list');
    expect(requests).toHaveLength(2);
    for (const { body } of requests) {
      expect((JSON.parse(body) as { dids: unknown[] }).dids.length).toBeLessThanOrEqual(1000);
    }
  });

  it.each(['/data/rucio/mock/00/00/f.root', 'root://x.example.org//a/b'])(
    'does not know %s',
    async (pfn) => {
      const error = await toolFailure(run('rucio_resolve_pfn', { pfn }));
      expect(error.code).toBe('NOT_FOUND');
    },
  );
});

describe('the directory of RSEs', () => {
  it('is read once for all who ask, and again after five minutes or a failure', async () => {
    let now = 0;
    const directory = new RseDirectory(() => now);
    const reader = { rucio: rucio.client, ...options() };
    const [first, second] = await Promise.all([directory.list(reader), directory.list(reader)]);
    expect(first).toBe(second);
    now = 299_999;
    await directory.list(reader);
    expect(rucio.server.seen('GET /rses/')).toHaveLength(1);
    now = 300_000;
    rucio.server.on('GET /rses/', rucioError(500, 'DatabaseException', 'x'));
    await expect(directory.list(reader)).rejects.toMatchObject({ code: 'RUCIO_DOWN' });
    rucio.server.on('GET /rses/', ndjson([]));
    expect((await directory.list(reader)).size).toBe(0);
  });

  it('lets a caller who leaves go, and the others have their answer', async () => {
    const directory = new RseDirectory();
    const leaving = new AbortController();
    const left = directory.list({ rucio: rucio.client, signal: leaving.signal });
    const staying = directory.list({ rucio: rucio.client, ...options() });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    expect((await staying).size).toBe(4);
  });
});

it('no more than four calls of one tool run at once', async () => {
  addDataset(rucio, [], { type: 'CONTAINER', length: 40 });
  const names = Array.from({ length: 20 }, (_, index) => `part${index}`);
  rucio.server.on(
    'GET /dids/mock/ds/dids',
    ndjson(names.map((name) => ({ scope: 'mock', name, type: 'DATASET' }))),
  );
  let running = 0;
  let most = 0;
  for (const name of names) {
    rucio.server.on(`GET /dids/mock/${name}/files`, async (exchange) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      await ndjson([{ scope: 'mock', name: `${name}.root`, bytes: 1 }])(exchange);
    });
  }
  const answer = await run('rucio_find_missing_files', { did: 'mock:ds' });
  expect(answer).toMatchObject({ files: 20, missing: 20 });
  expect(most).toBeLessThanOrEqual(4);
});
