import { json, ndjson, rucioError } from '../../../support/fault-server';
import {
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';

const REPLICAS = 'POST /replicas/list';
const NOT_FOUND = rucioError(404, 'DataIdentifierNotFound', '');
const pfn = (rse: string, priority: number, more: object = {}) => ({
  rse,
  rse_id: 'x',
  type: 'DISK',
  volatile: false,
  domain: 'wan',
  priority,
  client_extract: false,
  ...more,
});
const file = (name: string, more: object = {}) => ({
  scope: 'mock',
  name,
  bytes: 10,
  md5: null,
  adler32: '0cc737eb',
  pfns: { [`root://one//${name}`]: pfn('ONE', 2), [`root://two//${name}`]: pfn('TWO', 1) },
  rses: {},
  states: { ONE: 'AVAILABLE', TWO: 'AVAILABLE' },
  ...more,
});
const status = (name: string, type: string, length: number | null) =>
  json({ scope: 'mock', name, type, length, bytes: null });

let rucio: RucioOnFaultServer;

beforeEach(async () => {
  rucio = await rucioOnFaultServer();
});
afterEach(() => rucio.close());

const list = (args: object) => runTool('rucio_list_replicas', args, rucio);
const sent = () => JSON.parse(rucio.server.seen(REPLICAS)[0]!.body) as unknown;

describe('rucio_list_replicas', () => {
  it('answers with files in order and their replicas by priority', async () => {
    rucio.server.on(REPLICAS, ndjson([file('f2', { pfns: {} }), file('f1')]));
    await expect(list({ dids: 'mock:ds' })).resolves.toEqual({
      scope: 'mock',
      columns: ['name', 'bytes', 'rse', 'type', 'state', 'pfn'],
      rows: [
        ['f1', 10, 'TWO', 'DISK', 'AVAILABLE', 'root://two//f1'],
        ['f1', 10, 'ONE', 'DISK', 'AVAILABLE', 'root://one//f1'],
        ['f2', 10, 'ONE', null, 'AVAILABLE', null],
        ['f2', 10, 'TWO', null, 'AVAILABLE', null],
      ],
      total: 2,
      next_offset: null,
    });
    expect(sent()).toEqual({
      dids: [{ scope: 'mock', name: 'ds' }],
      ignore_availability: true,
      all_states: false,
    });
  });

  it('hands on protocols, expression, order and states', async () => {
    rucio.server.on(REPLICAS, ndjson([file('f1')]));
    rucio.server.on('GET /dids/mock/f1/status', status('f1', 'FILE', 1));
    await list({
      dids: 'mock:f1',
      protocols: 'ROOT, davs',
      rse_expression: ' tier=1 ',
      sort: 'GEOIP',
      all_states: 'true',
    });
    expect(sent()).toMatchObject({
      schemes: ['root', 'davs'],
      rse_expression: 'tier=1',
      sort: 'geoip',
      all_states: true,
    });
  });

  it('counts files, not replicas, in limit and offset', async () => {
    rucio.server.on(REPLICAS, ndjson(['a', 'b', 'c', 'd'].map((name) => file(name))));
    const result = await list({ dids: 'mock:ds', limit: 2, offset: 1 });
    expect(result).toMatchObject({ total: 4, next_offset: 3 });
    expect((result['rows'] as string[][]).map(([name]) => name)).toEqual(['b', 'b', 'c', 'c']);
  });

  it('counts the files of a dataset that have no replica at the expression', async () => {
    rucio.server.on(REPLICAS, ndjson([file('f1')]));
    rucio.server.on('GET /dids/mock/ds/status', status('ds', 'DATASET', 5));
    const result = await list({ dids: 'mock:ds', rse_expression: 'ONE' });
    expect(result).toMatchObject({ total: 1, not_here: 4 });
  });

  it('only warns where files may be counted twice', async () => {
    rucio.server.on(REPLICAS, ndjson([file('f1')]));
    rucio.server.on('GET /dids/mock/c/status', status('c', 'CONTAINER', 5));
    const result = await list({ dids: 'mock:c', rse_expression: 'ONE' });
    expect(result).not.toHaveProperty('not_here');
    expect(result['note']).toBe('files without a replica at rse_expression are not listed');
  });

  it('tells a DID without replicas from one that does not exist', async () => {
    rucio.server.on(REPLICAS, ndjson([]));
    rucio.server.on('GET /dids/mock/ds/status', status('ds', 'DATASET', 3));
    await expect(list({ dids: 'mock:ds' })).resolves.toMatchObject({
      rows: [],
      total: 0,
      not_here: 3,
      note: expect.stringMatching(
        /^the DIDs exist, but their files have no replica that can be read now/,
      ) as string,
    });
    rucio.server.on('GET /dids/mock/ds/status', NOT_FOUND);
    rucio.server.on('GET /dids/mock/dids/search', ndjson([]));
    const error = await toolFailure(list({ dids: 'mock:ds' }));
    expect(error.code).toBe('DID_NOT_FOUND');
  });

  it('names the unknown ones of several DIDs', async () => {
    rucio.server.on(REPLICAS, ndjson([file('f1')]));
    rucio.server.on('GET /dids/mock/ds/status', status('ds', 'DATASET', 0));
    rucio.server.on('GET /dids/mock/gone/status', NOT_FOUND);
    await expect(list({ dids: 'mock:f1 mock:ds mock:gone' })).resolves.toMatchObject({
      total: 1,
      unknown: ['mock:gone'],
      note: 'Rucio does not know the DIDs in unknown',
    });
    expect(rucio.server.seen('GET /dids/mock/f1/status')).toHaveLength(0);
  });

  it.each([
    [500, 'InvalidRSEExpression', 'RSE_EXPRESSION'],
    [400, 'SortingAlgorithmNotSupported', 'BAD_ARGUMENT'],
  ])('explains %i %s', async (statusCode, exceptionClass, code) => {
    rucio.server.on(REPLICAS, rucioError(statusCode, exceptionClass, 'why'));
    const error = await toolFailure(list({ dids: 'mock:ds', rse_expression: 'x' }));
    expect(error).toMatchObject({ code, why: 'Rucio says: why' });
  });

  it('shows signed URLs whole and absurd ones cut', async () => {
    const signed = `https://one/${'x'.repeat(1500)}`;
    const absurd = `https://two/${'x'.repeat(5000)}`;
    const pfns = { [signed]: pfn('ONE', 1), [absurd]: pfn('TWO', 2) };
    rucio.server.on(REPLICAS, ndjson([file('f1', { pfns })]));
    const { rows } = (await list({ dids: 'mock:f1' })) as { rows: string[][] };
    expect(rows[0]?.[5]).toBe(signed);
    expect(rows[1]?.[5]).toHaveLength(2000);
  });

  it.each([
    [{ dids: '' }, 'BAD_ARGUMENT'],
    [{ dids: 'a:b:c' }, 'BAD_ARGUMENT'],
    [{ dids: 'mock:x', protocols: 'root,http://x' }, 'BAD_ARGUMENT'],
    [{ dids: 'mock:x', sort: 'nearest' }, 'BAD_ARGUMENT'],
    [{ dids: Array.from({ length: 1001 }, (_, index) => `mock:f${index}`).join(' ') }, 'TOO_BROAD'],
  ])('refuses wrong arguments before any call (%#)', async (args, code) => {
    const error = await toolFailure(list(args));
    expect(error.code).toBe(code);
    expect(rucio.server.requests).toHaveLength(0);
  });
});
