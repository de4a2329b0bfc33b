import { hang, json, ndjson, rucioError } from '../../../support/fault-server';
import {
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';

const STATUS = 'GET /dids/mock/my.dataset/status';
const SEARCH = 'GET /dids/mock/dids/search';
const NOT_FOUND = rucioError(404, 'DataIdentifierNotFound', "Data identifier 'x' not found");

let rucio: RucioOnFaultServer;

beforeEach(async () => {
  rucio = await rucioOnFaultServer();
});
afterEach(() => rucio.close());

const get = (did: string) => runTool('rucio_get_did', { did }, rucio);

describe('rucio_get_did', () => {
  it('describes a dataset', async () => {
    rucio.server.on(
      STATUS,
      json({
        scope: 'mock',
        name: 'my.dataset',
        type: 'DATASET',
        account: 'root',
        open: true,
        monotonic: false,
        expired_at: 'Thu, 26 Nov 2026 03:59:12 UTC',
        length: 7,
        bytes: 1234567,
      }),
    );
    await expect(get('mock:my.dataset')).resolves.toEqual({
      did: 'mock:my.dataset',
      type: 'DATASET',
      account: 'root',
      files: 7,
      bytes: 1234567,
      open: true,
      monotonic: false,
      expires_at: '2026-11-26T03:59Z',
    });
  });

  it('describes a file', async () => {
    rucio.server.on(
      'GET /dids/mock/file%2F1/status',
      json({
        scope: 'mock',
        name: 'file/1',
        type: 'FILE',
        account: 'root',
        bytes: 5,
        length: 1,
        md5: null,
        adler32: '0cc737eb',
      }),
    );
    await expect(get('mock:file/1')).resolves.toEqual({
      did: 'mock:file/1',
      type: 'FILE',
      account: 'root',
      files: 1,
      bytes: 5,
      adler32: '0cc737eb',
      md5: null,
    });
  });

  it('names up to three that begin alike when it does not exist', async () => {
    rucio.server.on(STATUS, NOT_FOUND);
    const names = ['my.d', 'my.dat', 'my.datasets', 'my.datasetz', 'my.x"y'];
    rucio.server.on(SEARCH, ndjson(names.map((name) => ({ scope: 'mock', name }))));
    const error = await toolFailure(get('mock:my.dataset'));
    expect(error.publicMessage).toBe(
      '[DID_NOT_FOUND] Rucio has no such DID: "mock:my.dataset" (site test, get_did).\n' +
        'Names in the scope that begin alike: "my.datasets", "my.datasetz", "my.dat"\n' +
        'Next: call again with the exact name, or search with rucio_list_dids',
    );
    expect(Object.fromEntries(rucio.server.seen(SEARCH)[0]!.query)).toMatchObject({
      name: 'my.da*',
      type: 'all',
      limit: '200',
    });
  });

  it.each([
    ['finds nothing', ndjson([])],
    ['is refused', rucioError(401, 'AccessDenied', '')],
    ['hangs', hang()],
  ])('still says that it does not exist when the search for others %s', async (_title, search) => {
    rucio.server.on(STATUS, NOT_FOUND);
    rucio.server.on(SEARCH, search);
    const error = await toolFailure(get('mock:my.dataset'));
    expect(error.publicMessage).toBe(
      '[DID_NOT_FOUND] Rucio has no such DID: "mock:my.dataset" (site test, get_did).\n' +
        'Next: find its exact name with rucio_list_dids',
    );
  });
});
