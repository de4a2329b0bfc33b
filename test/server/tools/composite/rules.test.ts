import { AppError } from '../../../../server/errors';
import type { Progress } from '../../../../server/tools/define';
import { inTurn, json, ndjson, rucioError } from '../../../support/fault-server';
import type { RucioOnFaultServer } from '../../../support/rucio-on-fault-server';
import { type RunToolOptions, runTool, toolFailure } from '../../../support/run-tool';
import { RULE_ID, addUsage, rule, smallRucio } from './small-rucio';

let rucio: RucioOnFaultServer;
beforeEach(async () => {
  rucio = await smallRucio();
});
afterEach(() => rucio.close());

interface Situation {
  readonly rule?: object;
  readonly transfers?: readonly object[];
  readonly locks?: readonly (readonly [file: string, rse: string, state: string])[];
  readonly request?: object;
  readonly left?: number;
  readonly free?: number;
}

/** Puts a rule there, with what Rucio would tell about it. */
function situation(known: Situation): void {
  const { server } = rucio;
  server.on(`GET /rules/${RULE_ID}`, json(rule(known.rule)));
  server.on(
    `GET /rules/${RULE_ID}/analysis`,
    json({ rule_error: null, transfers: known.transfers ?? [] }),
  );
  server.on(
    `GET /rules/${RULE_ID}/locks`,
    ndjson(
      (known.locks ?? [['a', 'ONE_DISK', 'REPLICATING']]).map(([name, rse, state]) => ({
        scope: 'mock',
        name,
        rse,
        state,
      })),
    ),
  );
  for (const name of ['a', 'b', 'c']) {
    server.on(
      `GET /requests/history/mock/${name}/ONE_DISK`,
      rucioError(404, 'RequestNotFound', 'No request found'),
    );
  }
  const left = known.left ?? 500;
  addUsage(rucio, [{ rse: 'ONE_DISK', bytes: 1, files: 1, bytes_limit: 9, bytes_remaining: left }]);
  const none = rucioError(404, 'RequestNotFound', 'No request found');
  server.on('GET /requests/mock/a/TWO_DISK', none);
  server.on(
    'GET /requests/mock/a/ONE_DISK',
    known.request === undefined ? none : json(request(known.request)),
  );
  if (known.free !== undefined) {
    server.on(
      'GET /rses/ONE_DISK/usage',
      ndjson([{ rse: 'ONE_DISK', source: 'storage', used: 9, free: known.free }]),
    );
  }
}

const request = (more: object) => ({
  id: 'f'.repeat(32),
  scope: 'mock',
  name: 'a',
  state: 'QUEUED',
  source_rse: null,
  dest_rse: 'ONE_DISK',
  retry_count: 0,
  created_at: 'Sun, 22 Nov 2026 07:48:13 UTC',
  ...more,
});

const transfer = (more: object = {}) => ({
  scope: 'mock',
  name: 'a',
  rse: 'ONE_DISK',
  attempts: 3,
  last_error: 'TRANSFER globus_ftp: connection refused',
  last_source: 'OLD_TAPE',
  sources: [['OLD_TAPE', true]],
  last_time: 'Sun, 22 Nov 2026 07:48:13 UTC',
  ...more,
});

const explain = () =>
  runTool('rucio_explain_rule', { rule_id: RULE_ID }, rucio, { account: 'jdoe' });

describe('rucio_explain_rule', () => {
  const STUCK = { state: 'STUCK' };
  it.each<[string, Situation]>([
    ['DONE', { rule: { state: 'OK' } }],
    ['NEEDS_APPROVAL', { rule: { state: 'WAITING_APPROVAL' }, locks: [] }],
    ['SUSPENDED', { rule: { state: 'SUSPENDED' } }],
    ['BEING_CREATED', { rule: { state: 'INJECT' }, locks: [] }],
    ['DESTINATION_NOT_WRITABLE', { rule: STUCK, locks: [['a', 'TWO_DISK', 'STUCK']] }],
    ['NO_SOURCE', { rule: STUCK, transfers: [transfer({ sources: [] })] }],
    ['NO_SOURCE', { request: { state: 'NO_SOURCES' } }],
    ['SOURCE_NOT_READABLE', { transfers: [transfer({ sources: [['DOWN_DISK', false]] })] }],
    ['NO_COMMON_PROTOCOL', { request: { state: 'MISMATCH_SCHEME' } }],
    ['QUOTA_EXCEEDED', { rule: STUCK, left: -5 }],
    ['DESTINATION_FULL', { rule: STUCK, free: 0 }],
    ['TRANSFER_ERRORS', { rule: STUCK, transfers: [transfer()] }],
    ['TRANSFER_ERRORS', { rule: { ...STUCK, error: 'RSE excluded' } }],
    ['STAGING_FROM_TAPE', { request: { state: 'WAITING', source_rse: 'OLD_TAPE' } }],
    ['TRANSFERRING', { request: { state: 'SUBMITTED', source_rse: 'TWO_DISK' } }],
    ['QUEUED', { request: {} }],
    ['QUEUED', {}],
    ['UNKNOWN', { rule: STUCK }],
  ])('%s', async (cause, known) => {
    situation(known);
    const answer = await explain();
    expect(answer).toMatchObject({ cause, verdict: expect.any(String) as string });
    expect(answer['fix'] === null).toBe(cause === 'DONE');
  });

  it('tells an administrator without limits the true cause, since Rucio holds them to no quota', async () => {
    situation({ rule: STUCK, left: -5, transfers: [transfer()] });
    rucio.server.on('GET /accounts/jdoe/attr/', json([{ key: 'admin', value: true }]));
    expect(await explain()).toMatchObject({ cause: 'TRANSFER_ERRORS' });
  });

  it('groups failed transfers by destination and error, and cleans the text', async () => {
    const error = 'bad\u202Echecksum\n<html>';
    situation({
      rule: STUCK,
      transfers: [
        transfer(),
        transfer({ name: 'b', attempts: 7, sources: [['DOWN_DISK', false]] }),
        transfer({ name: 'c', last_error: error }),
        // Nothing was tried yet: not an error.
        transfer({ name: 'd', attempts: 0, last_error: 'None', sources: [] }),
      ],
    });
    expect(await explain()).toMatchObject({
      errors: {
        columns: ['rse', 'error', 'files', 'attempts', 'sources'],
        rows: [
          [
            'ONE_DISK',
            'TRANSFER globus_ftp: connection refused',
            2,
            7,
            'DOWN_DISK (not readable), OLD_TAPE',
          ],
          ['ONE_DISK', 'badchecksum <html>', 1, 3, 'OLD_TAPE'],
        ],
      },
    });
  });

  it('has the words of the transfer service, where the account may see them', async () => {
    situation({ rule: STUCK, transfers: [transfer({ last_error: 'RequestState.FAILED' })] });
    const errors = async () => ((await explain())['errors'] as { rows: unknown[][] }).rows[0]?.[1];
    expect(await errors()).toBe('FAILED');
    const text = 'TRANSFER [111] refused';
    rucio.server.on('GET /requests/history/mock/a/ONE_DISK', json(request({ err_msg: text })));
    expect(await errors()).toBe(text);
  });

  it('has the words of the last failure from the rule, where transfers may not be seen', async () => {
    const error = 'TRANSFER [5] DESTINATION CHECKSUM MISMATCH';
    const failed = transfer({ last_error: 'RequestState.FAILED' });
    situation({ rule: { ...STUCK, error }, transfers: [failed] });
    const verdict = `Transfers of 1 file failed, the last one with "${error}".`;
    expect(await explain()).toMatchObject({ cause: 'TRANSFER_ERRORS', verdict });
    situation({ rule: STUCK, transfers: [failed] });
    expect((await explain())['verdict']).toContain('"FAILED"');
  });

  it('goes on without what the account may not see, and says so', async () => {
    situation({ rule: STUCK, transfers: [transfer()], request: {} });
    const denied = rucioError(500, 'AccessDenied', 'no');
    rucio.server.on('GET /accounts/jdoe/usage/local', denied);
    rucio.server.on('GET /requests/mock/a/ONE_DISK', denied);
    expect(await explain()).toMatchObject({
      cause: 'TRANSFER_ERRORS',
      not_permitted: ['quota', 'transfers'],
    });
  });

  it.each(['../accounts/jdoe', 'abc', '', `${RULE_ID}0`])('never sends the id %j', async (id) => {
    const error = await toolFailure(runTool('rucio_explain_rule', { rule_id: id }, rucio));
    expect(error.code).toBe('BAD_RULE_ID');
    expect(rucio.server.requests).toEqual([]);
  });

  it('takes an id with dashes, in capitals and in backticks', async () => {
    situation({});
    const id = '`01234567-89AB-CDEF-0123-456789ABCDEF`';
    const answer = await runTool('rucio_explain_rule', { rule_id: id }, rucio);
    expect(answer['rule_id']).toBe(RULE_ID);
  });
});

describe('rucio_wait_for_rule', () => {
  const wait = (args: object, options: RunToolOptions = {}) =>
    runTool('rucio_wait_for_rule', { rule_id: RULE_ID, ...args }, rucio, options);

  it('returns as soon as the rule is done, and reports progress meanwhile', async () => {
    const done = { state: 'OK', locks_ok_cnt: 3, locks_replicating_cnt: 0 };
    rucio.server.on(`GET /rules/${RULE_ID}`, inTurn(json(rule()), json(rule(done))));
    const seen: Progress[] = [];
    const answer = await wait({}, { progress: (progress) => seen.push(progress) });
    expect(answer).toMatchObject({
      state: 'OK',
      percent: 100,
      before: { ok: 1, replicating: 2, stuck: 0 },
      after: { ok: 3, replicating: 0, stuck: 0 },
      changed: true,
      retry_in: null,
    });
    expect(seen.map(({ done: files, total }) => [files, total])).toEqual([
      [1, 3],
      [3, 3],
    ]);
  });

  it.each(['STUCK', 'SUSPENDED', 'WAITING_APPROVAL'])(
    'does not wait for a rule that needs help: %s',
    async (state) => {
      rucio.server.on(`GET /rules/${RULE_ID}`, json(rule({ state })));
      const answer = await wait({});
      expect(answer).toMatchObject({ state, retry_in: null, changed: false });
      expect(answer['next']).toContain('rucio_explain_rule');
      expect(rucio.server.seen(`GET /rules/${RULE_ID}`)).toHaveLength(1);
    },
  );

  it.each([
    ['max_seconds is 0', { max_seconds: 0 }, 60_000],
    ['the call has no time left', { max_seconds: 50 }, 5000],
  ])('answers at once when %s', async (_, args, deadlineMs) => {
    rucio.server.on(`GET /rules/${RULE_ID}`, json(rule()));
    const answer = await wait(args, { deadlineMs });
    expect(answer).toMatchObject({ state: 'REPLICATING', retry_in: 300, changed: false });
    expect(rucio.server.seen(`GET /rules/${RULE_ID}`)).toHaveLength(1);
  });

  it('ends when the client goes away', async () => {
    rucio.server.on(`GET /rules/${RULE_ID}`, json(rule()));
    const controller = new AbortController();
    const call = wait({}, { signal: controller.signal, progress: () => controller.abort() });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await expect(call).rejects.not.toBeInstanceOf(AppError);
  });
});
