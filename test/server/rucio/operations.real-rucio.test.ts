import type { RucioClient } from '../../../server/rucio/client';
import { type RealRucio, startRealRucio } from '../../support/real-rucio/start-real-rucio';
import { tokenFor } from '../../rucio-contract/answer';
import { TRANSFER_LIMITS_SINCE } from '../../support/real-rucio/seed-for-version';
import { isBefore } from '../../support/real-rucio/versions';
import { describeWith } from '../../support/requirements';
import { collect, options } from '../../support/rucio-on-fault-server';
import { type RucioOnReal, rucioOnReal } from '../../support/rucio-on-real';

const CERN = 'CERN-PROD_DATADISK';
const DESY = 'DESY-HH_DATADISK';
const SCOPE = 'user.jdoe';
const NTUPLES = { scope: SCOPE, name: 'user.jdoe.410470.ttbar_nonallhad.v3_tree.root' };
const DATASET = { scope: SCOPE, name: `${NTUPLES.name}.387612044` };
const NOWHERE = { scope: SCOPE, name: 'no/such #1' };
const NO_RULE = 'f'.repeat(32);

describeWith('real-rucio', 'every operation on a real Rucio', (directory) => {
  let real: RealRucio;
  let root: RucioOnReal;
  let rucio: RucioClient;

  beforeAll(async () => {
    real = await startRealRucio(directory);
    root = await rucioOnReal(real, 'root');
    rucio = root.client;
    for (const rse of [CERN, 'BNL-OSG2_DATADISK', 'TRIUMF-LCG2_MCTAPE']) {
      await asRoot('POST', `/accountlimits/local/root/${rse}`, { bytes: -1 });
    }
  }, 90_000);

  afterAll(async () => {
    await root.close();
    await real.stop();
  });

  /** Changes what the client has no operation for. */
  const asRoot = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(real.url + path, {
      method,
      headers: { 'x-rucio-auth-token': await tokenFor(real.url, 'root') },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text;
  };
  const addRse = async (rse: string, scheme: string) => {
    await asRoot('POST', `/rses/${rse}`, {});
    const ranks = { read: 1, write: 1, delete: 1 };
    await asRoot('POST', `/rses/${rse}/protocols/${scheme}`, {
      scheme,
      hostname: `${rse}.example.org`,
      port: 8443,
      prefix: '/data/rucio/',
      impl: 'rucio.rse.protocols.mock.Default',
      domains: { lan: ranks, wan: ranks },
      extended_attributes: { web_service_path: '/srm/managerv2?SFN=', space_token: 'DATA' },
    });
  };
  const files = (rows: AsyncIterable<{ name: string }>) =>
    collect(rows).then((all) => all.map(({ name }) => name));

  test('accounts: lists, usage, limits, scopes, rules', async () => {
    const { accounts } = rucio;
    expect(await accounts.whoami(options())).toMatchObject({
      account: 'root',
      account_type: 'SERVICE',
    });
    const services = await collect(accounts.list({ type: 'SERVICE' }, options()));
    expect(services.map(({ account }) => account)).toEqual(['prodsys', 'robot', 'root']);
    const shifter = await collect(accounts.list({ identity: 'shifter' }, options()));
    expect(shifter.map(({ account }) => account)).toEqual(['jdoe', 'physics-higgs']);
    const [usage] = await collect(accounts.localUsage('jdoe', DESY, options()));
    expect(usage).toMatchObject({ rse: DESY, bytes_limit: 20_000_000_000_000 });
    expect(Number(usage?.bytes) + Number(usage?.bytes_remaining)).toBe(20_000_000_000_000);
    const everywhere = await collect(accounts.localUsage('jdoe', undefined, options()));
    expect(everywhere).toContainEqual(usage);
    expect(await accounts.localLimits('jdoe', undefined, options())).toMatchObject({
      [DESY]: 20_000_000_000_000,
    });
    expect(await accounts.localLimits('prodsys', CERN, options())).toEqual({ [CERN]: Infinity });
    expect(await accounts.globalLimits('root', options())).toEqual({});
    expect(await collect(accounts.globalUsage('root', options()))).toEqual([]);
    expect(await accounts.scopes('prodsys', options())).toContain('mc20_13TeV');
    expect(await accounts.scopes('robot', options())).toEqual([]);
    const stuck = await collect(accounts.rules('jdoe', { state: 'STUCK' }, options()));
    expect(stuck.map(({ account, state }) => [account, state])).toEqual([['jdoe', 'STUCK']]);
    await expect(accounts.get('nobody', options())).rejects.toMatchObject({
      what: expect.stringContaining('no such account: "nobody"') as unknown,
    });
  });

  test('a global limit has its usage beside it', async () => {
    await asRoot('POST', `/accountlimits/global/robot/${CERN}`, { bytes: 7000 });
    expect(await rucio.accounts.globalLimits('robot', options())).toEqual({
      [CERN]: { resolved_rses: [CERN], limit: 7000 },
    });
    const usage = await collect(rucio.accounts.globalUsage('robot', options()));
    expect(usage).toMatchObject([{ rse_expression: CERN, bytes_limit: 7000 }]);
  });

  test('DIDs: content, files, metadata, parents, rules', async () => {
    const { dids } = rucio;
    expect(await files(dids.content(NTUPLES, options()))).toContain(DATASET.name);
    const short = await collect(dids.files(DATASET, { long: false }, options()));
    const long = await collect(dids.files(DATASET, { long: true }, options()));
    expect(short[0]).not.toHaveProperty('lumiblocknr');
    expect(long[0]).toHaveProperty('lumiblocknr', null);
    expect(long.map(({ name }) => name)).toEqual(short.map(({ name }) => name));
    const { bytes } = await dids.get(DATASET, options());
    expect(short.reduce((sum, file) => sum + Number(file.bytes), 0)).toBe(bytes);
    const meta = await dids.meta(DATASET, 'DID_COLUMN', options());
    expect(meta).toMatchObject({ name: DATASET.name, length: short.length, is_open: false });
    expect(await collect(dids.parents(DATASET, options()))).toEqual([
      { ...NTUPLES, type: 'CONTAINER' },
    ]);
    expect(await collect(dids.rules(DATASET, options()))).toEqual([]);
    const [onContainer] = await collect(dids.rules(NTUPLES, options()));
    const file = { scope: SCOPE, name: short[0]?.name ?? '' };
    const covering = await collect(dids.associatedRules(file, options()));
    expect(covering.map(({ id }) => id)).toContain(onContainer?.id);
    await expect(collect(dids.content(NOWHERE, options()))).rejects.toMatchObject({
      code: 'DID_NOT_FOUND',
    });
  });

  test('replicas: datasets, many datasets, parents of files, access URLs', async () => {
    const { replicas } = rucio;
    const whole = { rse: DESY, length: 8, available_length: 8, state: 'AVAILABLE' };
    for (const deep of [false, true]) {
      const rows = await collect(replicas.datasets(DATASET, { deep }, options()));
      expect(rows).toMatchObject([{ ...DATASET, ...whole }]);
    }
    const bulk = await collect(replicas.datasetsBulk([DATASET], options()));
    expect(bulk).toMatchObject([{ ...DATASET, ...whole }]);
    const query = { dids: [DATASET], schemes: [], allStates: true, resolveParents: true };
    const [file] = await collect(replicas.list(query, options()));
    expect(file?.parents).toContain(`${DATASET.scope}:${DATASET.name}`);
  });

  test('access URLs lead to DIDs where Rucio can tell: at an RSE with srm', async () => {
    const { replicas } = rucio;
    await addRse('SRMDISK', 'srm');
    const pfn = 'srm://SRMDISK.example.org:8443/data/rucio/mc20_13TeV/00/00/f';
    const did = { scope: 'mc20_13TeV', name: 'f' };
    expect(await collect(replicas.didsOfPfns([pfn], 'SRMDISK', options()))).toEqual([
      { [pfn]: did },
    ]);
    await expect(collect(replicas.didsOfPfns([pfn], CERN, options()))).rejects.toMatchObject({
      exceptionClass: 'RSEProtocolNotSupported',
    });
    await expect(collect(replicas.didsOfPfns([pfn], undefined, options()))).rejects.toMatchObject({
      exceptionClass: 'RSENotFound',
    });
  });

  test('RSEs: lists, attributes, usage, limits, protocols, distances', async () => {
    const { rses } = rucio;
    const all = await collect(rses.list(undefined, options()));
    expect(all.find(({ rse }) => rse === CERN)).toMatchObject({
      rse_type: 'DISK',
      availability_write: true,
    });
    const some = await collect(rses.list('type=DATADISK&country=CH', options()));
    expect(some).toEqual([{ rse: CERN }]);
    await expect(collect(rses.list('NOSUCH', options()))).rejects.toMatchObject({
      code: 'RSE_EXPRESSION',
    });
    expect(await rses.get(CERN, options())).toMatchObject({ rse: CERN, availability_read: true });
    expect(await rses.attributes(CERN, options())).toMatchObject({ [CERN]: true, tier: '0' });
    const shared = await collect(rses.usage(CERN, { perAccount: true }, options()));
    expect(shared.map(({ source }) => source).sort()).toEqual(['rucio', 'storage']);
    const counted = shared.find(({ source }) => source === 'rucio');
    expect(counted?.account_usages?.map(({ account }) => account)).toContain('prodsys');
    const accounts = await collect(rses.accountUsage(CERN, options()));
    expect(accounts.find(({ account }) => account === 'prodsys')?.used_bytes).toBe(
      counted?.account_usages?.find(({ account }) => account === 'prodsys')?.used,
    );
    expect((await rses.protocols(CERN, options())).map(({ scheme }) => scheme)).toEqual([
      'davs',
      'root',
    ]);
    await asRoot('PUT', `/rses/${CERN}/limits`, { name: 'MinFreeSpace', value: 1000 });
    expect(await rses.limits(CERN, options())).toEqual({ MinFreeSpace: 1000 });
    await asRoot('POST', '/rses/BARE', {});
    expect(await rses.distance(CERN, 'BARE', options())).toEqual([]);
    await asRoot('POST', `/rses/${CERN}/distances/BARE`, { distance: 3 });
    expect(await rses.distance(CERN, 'BARE', options())).toMatchObject([
      { src_rse: CERN, dest_rse: 'BARE', distance: 3 },
    ]);
    expect(await rses.protocols('BARE', options())).toEqual([]);
  });

  test('requests: by DID, lists, history', async () => {
    const { requests, rules } = rucio;
    const other = { scope: SCOPE, name: `${NTUPLES.name}.387612099` };
    const rule = { dids: [other], copies: 1, rseExpression: 'BNL-OSG2_DATADISK' };
    const [id = ''] = await rules.add(rule, options());
    const [lock] = await collect(rules.locks(id, options()));
    const did = { scope: SCOPE, name: lock?.name ?? '' };
    const request = { ...did, dest_rse: rule.rseExpression, rule_id: id, state: 'QUEUED' };
    expect(await requests.get(did, rule.rseExpression, options())).toMatchObject(request);
    await expect(requests.getHistory(did, rule.rseExpression, options())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const query = { sourceRse: DESY, destinationRse: rule.rseExpression };
    const states = ['QUEUED', 'SUBMISSION_FAILED'] as const;
    // A request has no source before it is submitted.
    expect(await collect(requests.list({ ...query, states }, options()))).toEqual([]);
    const page = { ...query, states, offset: 0, limit: 5 };
    expect(await collect(requests.history(page, options()))).toEqual([]);
    await rules.delete(id, undefined, options());
  });

  test('limits of transfers, where Rucio has them', async () => {
    const limits = collect(rucio.requests.transferLimits(options()));
    if (isBefore(real.version, TRANSFER_LIMITS_SINCE)) {
      await expect(limits).rejects.toMatchObject({ code: 'RUCIO_REFUSED' });
      return;
    }
    const told = (await asRoot('GET', '/requests/transfer_limits'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as object);
    expect(told).toMatchObject(await limits);
  });

  test('subscriptions: by account and name, none, their rules', async () => {
    const { subscriptions } = rucio;
    const name = 'all of 2026, muons';
    expect(await collect(subscriptions.list({ account: 'root' }, options()))).toEqual([]);
    await asRoot('POST', `/subscriptions/root/${encodeURIComponent(name)}`, {
      options: {
        filter: { scope: ['mc20_13TeV'], pattern: '.*' },
        replication_rules: [{ copies: 1, rse_expression: CERN, activity: 'User Subscriptions' }],
        comments: 'a test',
        lifetime: null,
        retroactive: false,
        dry_run: false,
        priority: 3,
      },
    });
    for (const query of [{}, { account: 'root' }, { name }, { account: 'root', name }]) {
      expect(await collect(subscriptions.list(query, options()))).toContainEqual(
        expect.objectContaining({ name, account: 'root', state: 'ACTIVE', comments: 'a test' }),
      );
    }
    expect(await collect(subscriptions.list({ account: 'robot' }, options()))).toEqual([]);
    const rules = subscriptions.rules('root', name, 'OK', options());
    expect(await collect(rules)).toEqual([]);
  });

  test('scopes and locks', async () => {
    expect(await rucio.scopes.list(options())).toContain('user.jdoe');
    const locks = await collect(rucio.locks.dataset(DATASET, options()));
    expect(locks).toMatchObject([{ ...DATASET, rse: DESY, account: 'jdoe' }]);
    const there = await collect(rucio.locks.byRse(DESY, options()));
    expect(there).toContainEqual(locks[0]);
  });

  test('rules: made, changed, moved, reduced, deleted, with what Rucio really does', async () => {
    const { rules } = rucio;
    const rule = { dids: [DATASET], copies: 1, rseExpression: CERN, account: 'root' };
    const [id = ''] = await rules.add({ ...rule, lifetime: 3600, comment: 'a test' }, options());
    expect(await rules.get(id, options())).toMatchObject({
      ...DATASET,
      account: 'root',
      comments: 'a test',
      rse_expression: CERN,
      priority: 3,
      expires_at: expect.any(String) as unknown,
    });
    await expect(rules.add(rule, options())).rejects.toMatchObject({ code: 'DUPLICATE' });

    await rules.update(id, { lifetime: null, comment: 'kept', locked: true }, options());
    const changed = {
      comments: 'kept',
      expires_at: null,
      locked: true,
      activity: 'User Subscriptions',
    };
    expect(await rules.get(id, options())).toMatchObject(changed);
    await expect(rules.delete(id, undefined, options())).rejects.toMatchObject({
      exceptionClass: 'UnsupportedOperation',
    });
    await rules.update(id, { locked: false }, options());

    const moved = await rules.move(id, 'BNL-OSG2_DATADISK', options());
    expect(await rules.get(id, options())).toMatchObject({ child_rule_id: moved });
    const history = await collect(rules.history(DATASET, options()));
    expect(history.map(({ rule_id }) => rule_id)).toEqual(expect.arrayContaining([id, moved]));
    await rules.delete(moved, true, options());
    expect(await rules.get(moved, options())).toMatchObject({
      purge_replicas: true,
      expires_at: expect.any(String) as unknown,
    });
    expect(await rules.analysis(moved, options())).toMatchObject({
      rule_error: expect.stringContaining('REPLICATING') as unknown,
    });
  });

  test('a rule that is OK can be reduced; the new one has another id', async () => {
    const { rules } = rucio;
    const [old] = await collect(rules.list({ account: 'prodsys', state: 'OK' }, options()));
    if (old === undefined) throw new Error('the seed has no rule that is OK');
    const copies = { copies: (old.copies ?? 0) + 1 };
    await expect(rules.reduce(old.id, copies.copies, undefined, options())).rejects.toMatchObject({
      exceptionClass: 'RuleReplaceFailed',
    });
    const two = (await collect(rules.list({ state: 'OK' }, options()))).find(
      (rule) => rule.copies === 2,
    );
    if (two === undefined) throw new Error('the seed has no rule of two copies that is OK');
    const reduced = await rules.reduce(two.id, 1, undefined, options());
    expect(await rules.get(reduced, options())).toMatchObject({ copies: 1, name: two.name });
    await expect(rules.get(two.id, options())).rejects.toMatchObject({ code: 'RULE_NOT_FOUND' });
  });

  test('rules that wait are approved or denied', async () => {
    const { rules } = rucio;
    const ask = { dids: [NTUPLES], copies: 1, askApproval: true };
    const [first = ''] = await rules.add({ ...ask, rseExpression: CERN }, options());
    const [second = ''] = await rules.add(
      { ...ask, rseExpression: 'TRIUMF-LCG2_MCTAPE' },
      options(),
    );
    const waiting = await collect(rules.list({ state: 'WAITING_APPROVAL' }, options()));
    expect(waiting.map(({ id }) => id)).toEqual(expect.arrayContaining([first, second]));
    await rules.approve(first, options());
    expect((await rules.get(first, options())).state).toBe('INJECT');
    await rules.deny(second, 'no space', options());
    await expect(rules.get(second, options())).rejects.toMatchObject({ code: 'RULE_NOT_FOUND' });
  });

  test.each([
    [{ dids: [NOWHERE], rseExpression: CERN }, 'DID_NOT_FOUND', '"user.jdoe:no/such #1"'],
    [{ dids: [DATASET], rseExpression: 'NOSUCH' }, 'RSE_EXPRESSION', '"NOSUCH"'],
  ])('an error of a rule names what it is about: %#', async (rule, code, name) => {
    await expect(rucio.rules.add({ ...rule, copies: 1 }, options())).rejects.toMatchObject({
      code,
      what: expect.stringContaining(name) as unknown,
    });
  });

  test('an unknown rule', async () => {
    const { rules } = rucio;
    expect(await collect(rules.locks(NO_RULE, options()))).toEqual([]);
    const missing = { code: 'RULE_NOT_FOUND', what: expect.stringContaining(NO_RULE) as unknown };
    await expect(rules.get(NO_RULE, options())).rejects.toMatchObject(missing);
    await expect(rules.analysis(NO_RULE, options())).rejects.toMatchObject(missing);
    await expect(rules.update(NO_RULE, { locked: true }, options())).rejects.toMatchObject(missing);
    await expect(rules.delete(NO_RULE, false, options())).rejects.toMatchObject(missing);
  });

  test('filters of rules by date and scope', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000);
    const list = (filter: Parameters<typeof rucio.rules.list>[0]) =>
      collect(rucio.rules.list(filter, options()));
    expect(await list({ createdAfter: tomorrow })).toEqual([]);
    const mine = await list({ createdBefore: tomorrow, scope: 'user.*', account: 'jdoe' });
    expect(mine.length).toBeGreaterThan(0);
    expect(new Set(mine.map(({ scope, account }) => `${scope} ${account ?? ''}`))).toEqual(
      new Set(['user.jdoe jdoe']),
    );
  });
});
