import { ndjson, rucioError } from '../../../support/fault-server';
import type { RucioOnFaultServer } from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';
import { rule, smallRucio } from './small-rucio';

const RULES = 'GET /dids/mock/ds/rules';
const id = (digit: string) => digit.repeat(32);

let rucio: RucioOnFaultServer;
beforeEach(async () => {
  rucio = await smallRucio();
});
afterEach(() => rucio.close());

/** Waiting would be needless: the rule is taken as it is. */
const wait = (text: string) =>
  runTool('rucio_wait_for_rule', { rule_id: text, max_seconds: 0 }, rucio, { account: 'jdoe' });

describe('the rule that a DID stands for', () => {
  it.each([
    ['its only one', [rule({ id: id('a'), state: 'OK' })], 'a'],
    [
      "the caller's own before those of others",
      [
        rule({ id: id('a'), account: 'other', state: 'STUCK' }),
        rule({ id: id('b'), account: 'jdoe', state: 'OK' }),
      ],
      'b',
    ],
    [
      'a stuck one before one under way, and that before one that is done',
      [
        rule({ id: id('a'), state: 'OK' }),
        rule({ id: id('b'), state: 'REPLICATING' }),
        rule({ id: id('c'), state: 'STUCK' }),
      ],
      'c',
    ],
    [
      'the newest of its kind',
      [
        rule({ id: id('a'), created_at: 'Sun, 01 Nov 2026 07:48:13 UTC' }),
        rule({ id: id('b'), created_at: 'Sun, 22 Nov 2026 07:48:13 UTC' }),
        rule({ id: id('c'), created_at: 'Fri, 13 Nov 2026 07:48:13 UTC' }),
      ],
      'b',
    ],
  ])('is %s', async (_, rules, wanted) => {
    rucio.server.on(RULES, ndjson(rules));
    await expect(wait('`mock:ds/`')).resolves.toMatchObject({ rule_id: id(wanted) });
  });

  it('is not invented: a DID without rules is told with what to call', async () => {
    rucio.server.on(RULES, ndjson([]));
    const error = await toolFailure(wait('mock:ds'));
    expect(error).toMatchObject({ code: 'RULE_NOT_FOUND' });
    expect(error.next).toContain('covering=true');
  });

  it('is not looked for when Rucio does not know the DID', async () => {
    rucio.server.on(RULES, rucioError(404, 'DataIdentifierNotFound', 'no such DID'));
    rucio.server.on('GET /dids/mock/dids/search', ndjson([]));
    expect(await toolFailure(wait('mock:ds'))).toMatchObject({ code: 'DID_NOT_FOUND' });
  });

  it('explains by DID as by id', async () => {
    rucio.server.on(RULES, ndjson([rule({ id: id('a'), state: 'OK' })]));
    rucio.server.on(`GET /rules/${id('a')}/locks`, ndjson([]));
    const answer = await runTool('rucio_explain_rule', { rule_id: 'mock:ds' }, rucio);
    expect(answer).toMatchObject({ rule_id: id('a'), cause: 'DONE' });
  });
});
