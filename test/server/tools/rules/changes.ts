import type { ToolName } from '../../../../lib/contract/tools';
import { createSealer } from '../../../../server/sealer';
import type { AuditRecord } from '../../../../server/tools/define';
import type { RucioOnReal } from '../../../support/rucio-on-real';
import { type RunToolOptions, runTool, toolFailure } from '../../../support/run-tool';

const CERN = 'CERN-PROD_DATADISK';
const BNL = 'BNL-OSG2_DATADISK';
const TAPE = 'TRIUMF-LCG2_MCTAPE';
const CONTAINER = 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root';
const DATASET = `${CONTAINER}.387612044`;
const OTHER = `${CONTAINER}.387612099`;
const DAY = 86_400;

export interface Sites {
  /** Signed in as `prodsys`, who has no quota limit, and as `root`. */
  readonly prodsys: RucioOnReal;
  readonly root: RucioOnReal;
  readonly jdoe: RucioOnReal;
  readonly stop: () => Promise<void>;
}

/** With one character of the tag changed; the last ones may have bits that mean nothing. */
function tampered(token: string): string {
  const at = token.length - 10;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

/** Tests of the tools that change rules, against a Rucio that has the seed of the demo. */
export function testChanges(start: () => Promise<Sites>): void {
  let sites: Sites;
  let audit: AuditRecord[];

  beforeAll(async () => {
    sites = await start();
  }, 90_000);
  afterAll(() => sites.stop());
  beforeEach(() => {
    audit = [];
  });

  const as =
    (account: 'prodsys' | 'root' | 'jdoe') =>
    (name: ToolName, args: object, options: RunToolOptions = {}) =>
      runTool(name, args, sites[account], {
        account,
        readOnly: false,
        audit: (record) => audit.push(record),
        ...options,
      });
  const call = as('prodsys');
  /** Rucio's generic policy lets administrators only change what there is. */
  const admin = as('root');
  const ruleOf = (answer: Record<string, unknown>) => (answer['rows'] as string[][])[0]?.[1] ?? '';
  const rulesOn = async (did: string) => {
    const { rows } = await call('rucio_list_did_rules', { did });
    return (rows as string[][]).map(([id = '']) => id);
  };
  const made = async (args: object) => ruleOf(await call('rucio_add_rule', args));

  test('a rule is made once, however often the call is repeated', async () => {
    const args = { dids: DATASET, copies: 1, rse_expression: CERN, lifetime: DAY, comment: 'x' };
    const before = await rulesOn(DATASET);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => call('rucio_add_rule', args)),
    );
    const ids = new Set(answers.map(ruleOf));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ changed }) => changed === true)).toHaveLength(1);
    const again = await call('rucio_add_rule', args);
    expect(again).toMatchObject({
      changed: false,
      rows: [[DATASET, [...ids][0], expect.any(String), expect.any(String), false]],
    });
    expect((await rulesOn(DATASET)).length).toBe(before.length + 1);
    expect(audit.filter(({ rules, outcome }) => outcome === 'done' && rules.length > 0)).toEqual([
      {
        tool: 'rucio_add_rule',
        outcome: 'done',
        rules: [...ids],
        dids: [DATASET],
        bytes: expect.any(Number) as number,
      },
    ]);
    expect(audit.at(-1)).toMatchObject({ outcome: 'repeated', rules: [...ids] });
  });

  test('what exists is shown, and only the rest is made', async () => {
    const args = { copies: 1, rse_expression: `${CERN}|${BNL}`, lifetime: DAY };
    const first = await made({ ...args, dids: DATASET });
    const both = await call('rucio_add_rule', { ...args, dids: `${DATASET} ${OTHER}` });
    expect(both).toMatchObject({
      changed: true,
      rows: [
        [DATASET, first, expect.any(String), expect.any(String), false],
        [OTHER, expect.any(String), expect.any(String), expect.any(String), true],
      ],
    });
  });

  test('much data, tape, and much without an end need the consent of the user', async () => {
    const small = { dids: OTHER, copies: 1, rse_expression: BNL, lifetime: DAY };
    const asked = await call('rucio_add_rule', small, { confirmAboveBytes: 1000 });
    expect(asked).toMatchObject({ changed: false, confirm: expect.any(String) as string });
    expect(asked['effect']).toContain(`"${OTHER}"`);
    const tape = await call('rucio_add_rule', { ...small, rse_expression: TAPE });
    expect(tape['effect']).toContain('tape is among its targets');
    expect(audit).toEqual([]);
    const { confirm } = asked;
    for (const [wrong, options] of [
      [{ ...small, copies: 2, confirm }, {}],
      [{ ...small, confirm: tampered(String(confirm)) }, {}],
      [{ ...small, confirm }, { account: 'jdoe' }],
      [{ ...small, confirm: tape['confirm'] }, {}],
    ] as const) {
      const error = await toolFailure(call('rucio_add_rule', wrong, options));
      expect(error.code).toBe('NOT_CONFIRMED');
    }
    const done = await call('rucio_add_rule', { ...small, confirm });
    expect(done).toMatchObject({ changed: true });
    const again = await call('rucio_add_rule', { ...small, confirm });
    expect(again).toMatchObject({ changed: false });
    expect(ruleOf(again)).toBe(ruleOf(done));
  });

  test('a plan is carried out once', async () => {
    const basics = { dids: CONTAINER, copies: 1, rse_expression: CERN, lifetime: DAY };
    const { plan } = await call('rucio_plan_rule', basics);
    const first = await call('rucio_add_rule', { plan, comment: 'planned' });
    expect(first).toMatchObject({ changed: true });
    expect(ruleOf(await call('rucio_add_rule', { plan }))).toBe(ruleOf(first));
    const clash = await toolFailure(call('rucio_add_rule', { plan, rse_expression: BNL }));
    expect(clash).toMatchObject({ code: 'BAD_ARGUMENT' });
    const foreign = await toolFailure(call('rucio_add_rule', { plan }, { account: 'jdoe' }));
    expect(foreign).toMatchObject({ code: 'NOT_CONFIRMED' });
  });

  test('a plan and a consent end after ten minutes, and are good at their site only', async () => {
    let now = Date.now();
    const sealer = createSealer({ clock: () => now });
    const wish = { dids: DATASET, rse_expression: `${BNL}|${TAPE}`, lifetime: 2 * DAY };
    const { plan } = await call('rucio_plan_rule', wish, { sealer });
    const asked = { sealer, confirmAboveBytes: 1000 };
    const { confirm } = await call('rucio_add_rule', wish, asked);
    const before = await rulesOn(DATASET);
    const elsewhere = { ...sites.prodsys, site: { ...sites.prodsys.site, name: 'elsewhere' } };
    const there = { ...asked, account: 'prodsys', readOnly: false };
    for (const args of [
      { plan },
      { ...wish, confirm },
      { plan: confirm },
      { ...wish, confirm: plan },
    ]) {
      const foreign = runTool('rucio_add_rule', args, elsewhere, there);
      expect((await toolFailure(foreign)).code).toBe('NOT_CONFIRMED');
    }
    now += 601_000;
    for (const args of [{ plan }, { ...wish, confirm }]) {
      expect((await toolFailure(call('rucio_add_rule', args, asked))).code).toBe('NOT_CONFIRMED');
    }
    expect(await rulesOn(DATASET)).toEqual(before);
    expect(audit).toEqual([]);
  });

  test('a rule is changed; -1 clears its expiry; an early end needs consent', async () => {
    const rule_id = await made({ dids: DATASET, rse_expression: BNL, lifetime: DAY });
    const kept = await admin('rucio_update_rule', { rule_id, lifetime: -1, comment: 'kept' });
    expect(kept).toMatchObject({ changed: true, expires_at: null, comment: 'kept' });
    const soon = await admin('rucio_update_rule', { rule_id, lifetime: 60 });
    expect(soon).toMatchObject({ changed: false, expires_at: null });
    const { confirm } = soon;
    const short = await admin('rucio_update_rule', { rule_id, lifetime: 60, confirm });
    expect(short).toMatchObject({ changed: true, expires_at: expect.any(String) as string });
    const nothing = await toolFailure(admin('rucio_update_rule', { rule_id }));
    expect(nothing.code).toBe('BAD_ARGUMENT');
  });

  test('a rule is moved once; the old one says what takes its place', async () => {
    const args = { dids: OTHER, rse_expression: CERN, lifetime: 2 * DAY };
    const move = { rule_id: await made(args), rse_expression: 'BNL-OSG2_DATADISK&type=DATADISK' };
    const { confirm, effect } = await admin('rucio_move_rule', move);
    expect(effect).toContain('the old one stays until the new one is OK');
    const moved = await admin('rucio_move_rule', { ...move, confirm });
    expect(moved).toMatchObject({ changed: true, new_rule_id: expect.any(String) as string });
    const again = await admin('rucio_move_rule', { ...move, confirm });
    expect(again).toMatchObject({ changed: false, new_rule_id: moved['new_rule_id'] });
    const elsewhere = await toolFailure(
      admin('rucio_move_rule', { ...move, rse_expression: TAPE }),
    );
    expect(elsewhere.what).toContain(`rule ${String(moved['new_rule_id'])} takes its place`);
  });

  test('a rule is reduced once; repeating finds the new one', async () => {
    const { columns, rows } = await call('rucio_list_account_rules', {
      account: 'prodsys',
      state: 'OK',
      limit: 1000,
    });
    const at = (name: string) => (columns as string[]).indexOf(name);
    const two = (rows as unknown[][]).find((row) => row[at('copies')] === 2);
    const reduce = { rule_id: two?.[at('id')] as string, copies: 1 };
    const { confirm } = await admin('rucio_reduce_rule', reduce);
    const reduced = await admin('rucio_reduce_rule', { ...reduce, confirm });
    expect(reduced).toMatchObject({ changed: true, new_rule_id: expect.any(String) as string });
    const again = await admin('rucio_reduce_rule', { ...reduce, confirm });
    expect(again).toMatchObject({ changed: false, new_rule_id: reduced['new_rule_id'] });
    const more = await toolFailure(
      admin('rucio_reduce_rule', { rule_id: reduced['new_rule_id'], copies: 3 }),
    );
    expect(more).toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  test('a rule is deleted once: it expires within the hour', async () => {
    const rule_id = await made({ dids: CONTAINER, rse_expression: BNL, lifetime: 3 * DAY });
    const { confirm, effect } = await admin('rucio_delete_rule', { rule_id });
    expect(effect).toContain('expires within an hour');
    const deleted = await admin('rucio_delete_rule', { rule_id, confirm });
    expect(deleted).toMatchObject({ changed: true, expires_at: expect.any(String) as string });
    const again = await admin('rucio_delete_rule', { rule_id });
    expect(again).toMatchObject({ changed: false, expires_at: deleted['expires_at'] });
    expect(audit.map(({ tool, outcome }) => [tool, outcome])).toEqual([
      ['rucio_add_rule', 'done'],
      ['rucio_delete_rule', 'done'],
      ['rucio_delete_rule', 'repeated'],
    ]);
  });

  test('rules that wait are approved or denied by an administrator', async () => {
    const ask = { dids: DATASET, ask_approval: true, lifetime: DAY };
    const first = await made({ ...ask, rse_expression: 'tier=0&type=DATADISK' });
    const second = await made({ ...ask, rse_expression: 'country=CH&type=DATADISK' });
    const approved = await admin('rucio_approve_rule', { rule_id: first });
    expect(approved).toMatchObject({ changed: true, state: 'INJECT' });
    const again = await admin('rucio_approve_rule', { rule_id: first });
    expect(again).toMatchObject({ changed: false });
    const deny = { rule_id: second, reason: 'no space' };
    const { confirm } = await admin('rucio_deny_rule', deny);
    const denied = await admin('rucio_deny_rule', { ...deny, confirm });
    expect(denied).toMatchObject({ changed: true });
    const gone = await admin('rucio_deny_rule', { ...deny, confirm });
    expect(gone).toMatchObject({ changed: false });
    const notWaiting = await admin('rucio_deny_rule', { rule_id: first });
    expect(notWaiting).toMatchObject({ changed: false });
  });

  test('a refusal for want of quota tells the numbers', async () => {
    const args = { dids: DATASET, rse_expression: TAPE, lifetime: DAY };
    const { confirm } = await as('jdoe')('rucio_add_rule', args);
    const error = await toolFailure(as('jdoe')('rucio_add_rule', { ...args, confirm }));
    expect(error.code).toBe('QUOTA');
    expect(error.what).toMatch(/"jdoe" needs [\d.]+ [kMGT]B/);
    expect(error.next).toContain('of 20 TB');
    expect(audit).toMatchObject([{ outcome: 'QUOTA', rules: [] }]);
  });

  test.each([
    [{ dids: DATASET, rse_expression: 'NOSUCH' }, 'RSE_NOT_FOUND'],
    [{ dids: 'user.jdoe:no.such', rse_expression: CERN }, 'DID_NOT_FOUND'],
    [{ dids: DATASET, rse_expression: CERN, copies: 4 }, 'TOO_FEW_RSES'],
    [{ dids: DATASET, rse_expression: CERN, copies: 0 }, 'BAD_ARGUMENT'],
    [{ dids: DATASET, rse_expression: CERN, lifetime: -5 }, 'BAD_ARGUMENT'],
    [{ rse_expression: CERN }, 'BAD_ARGUMENT'],
    [{ plan: 'nonsense' }, 'NOT_CONFIRMED'],
  ])('a wish that can not be met is told: %j', async (args, code) => {
    const error = await toolFailure(call('rucio_add_rule', args));
    expect(error.code).toBe(code);
  });

  test('the rule of somebody else is not changed', async () => {
    const { rows } = await call('rucio_list_did_rules', { did: CONTAINER });
    const [id] = (rows as string[][]).find(([, account]) => account === 'jdoe') ?? [];
    const error = await toolFailure(call('rucio_update_rule', { rule_id: id, comment: 'mine' }));
    expect(error.code).toBe('DENIED');
    expect(audit).toMatchObject([{ outcome: 'DENIED', rules: [id] }]);
  });
}
