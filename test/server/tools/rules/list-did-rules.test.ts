import { cutAfter, ndjson, rucioError } from '../../../support/fault-server';
import {
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';

const RULES = 'GET /dids/mock/ds/rules';
const COLUMNS = [
  'id',
  'account',
  'state',
  'rse_expression',
  'copies',
  'locks_ok',
  'locks_replicating',
  'locks_stuck',
  'expires_at',
  'error',
];
const rule = (id: string, more: object = {}) => ({
  id,
  scope: 'mock',
  name: 'ds',
  account: 'root',
  state: 'OK',
  rse_expression: 'tier=1&disk=True',
  copies: 1,
  locks_ok_cnt: 3,
  locks_replicating_cnt: 0,
  locks_stuck_cnt: 0,
  expires_at: null,
  error: null,
  created_at: 'Sun, 22 Nov 2026 07:48:13 UTC',
  subscription_id: null,
  ...more,
});

let rucio: RucioOnFaultServer;

beforeEach(async () => {
  rucio = await rucioOnFaultServer();
});
afterEach(() => rucio.close());

const list = (args: object = {}) =>
  runTool('rucio_list_did_rules', { did: 'mock:ds', ...args }, rucio);

describe('rucio_list_did_rules', () => {
  it('answers in the order of creation', async () => {
    rucio.server.on(
      RULES,
      ndjson([
        rule('b'.repeat(32), {
          state: 'STUCK',
          locks_stuck_cnt: 2,
          error: 'no\tsource',
          expires_at: 'Thu, 26 Nov 2026 03:59:12 UTC',
          created_at: 'Mon, 23 Nov 2026 07:48:13 UTC',
        }),
        rule('c'.repeat(32)),
      ]),
    );
    await expect(list()).resolves.toEqual({
      did: 'mock:ds',
      columns: COLUMNS,
      rows: [
        ['c'.repeat(32), 'root', 'OK', 'tier=1&disk=True', 1, 3, 0, 0, null, null],
        [
          'b'.repeat(32),
          'root',
          'STUCK',
          'tier=1&disk=True',
          1,
          3,
          0,
          2,
          '2026-11-26T03:59Z',
          'no\\u{9}source',
        ],
      ],
      total: 2,
      next_offset: null,
    });
  });

  it('says that a DID without rules exists', async () => {
    rucio.server.on(RULES, ndjson([]));
    await expect(list()).resolves.toEqual({
      did: 'mock:ds',
      columns: COLUMNS,
      rows: [],
      total: 0,
      next_offset: null,
      note: 'the DID exists and has no rule of its own; rules of its parents may keep it: covering=true',
    });
  });

  it('says that an unknown DID does not exist', async () => {
    rucio.server.on(RULES, rucioError(404, 'DataIdentifierNotFound', ''));
    rucio.server.on('GET /dids/mock/dids/search', ndjson([{ scope: 'mock', name: 'dsx' }]));
    const error = await toolFailure(list());
    expect(error).toMatchObject({
      code: 'DID_NOT_FOUND',
      why: expect.stringMatching(/: "dsx"$/) as string,
    });
  });

  it('never shows a cut list as a whole one', async () => {
    rucio.server.on(RULES, cutAfter([rule('1'), rule('2')]));
    const error = await toolFailure(list({ limit: 1 }));
    expect(error.code).toBe('RUCIO_DOWN');
  });
});
