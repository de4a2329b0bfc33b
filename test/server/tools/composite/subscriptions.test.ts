import { matchSubscription } from '../../../../server/tools/composite/subscription-match';
import { json, ndjson } from '../../../support/fault-server';
import type { RucioOnFaultServer } from '../../../support/rucio-on-fault-server';
import { runTool } from '../../../support/run-tool';
import { addDataset, smallRucio } from './small-rucio';

const DID = { scope: 'mc20', name: 'mc20.700320.Zee.DAOD_PHYS' };
const META = {
  account: 'prodsys',
  project: 'mc20',
  datatype: 'DAOD_PHYS',
  is_new: true,
  version: null,
};
const subscription = (filter: unknown, more: object = {}) => ({
  id: '1',
  name: 'sub',
  account: 'root',
  state: 'ACTIVE',
  filter: JSON.stringify(filter),
  replication_rules: JSON.stringify([{ copies: 2, rse_expression: 'tier=1' }]),
  ...more,
});
const keysOf = (filter: unknown) => {
  const match = matchSubscription(subscription(filter), DID, META);
  return match.isKnown ? match.mismatches.map(({ key }) => key) : match.why;
};

describe('what a subscription matches', () => {
  it.each<[string, unknown, unknown]>([
    ['everything', {}, []],
    ['lists of alternatives', { scope: ['data', 'mc'], project: ['x', 'mc20'] }, []],
    ['texts from their beginning', { scope: ['c20'] }, ['scope']],
    ['regular expressions on names', { pattern: String.raw`.*\.DAOD_(PHYS|HIGG)` }, []],
    ['excluded patterns', { excluded_pattern: '.*Zee' }, ['excluded_pattern']],
    ['whole accounts', { account: ['prod'] }, ['account']],
    ['metadata that is not set', { version: ['v1'] }, ['version']],
    ['metadata that Rucio does not have', { colour: 'red' }, ['colour']],
    ['words of Python for booleans', { is_new: ['True'] }, []],
    ['conditions only', { split_rule: true, grouping: 'DATASET' }, []],
    ['every key', { scope: ['data'], project: ['y'] }, ['scope', 'project']],
  ])('%s', (_, filter, expected) => {
    expect(keysOf(filter)).toEqual(expected);
  });

  it('is not known for an expression of Python, a filter that is no JSON, or one without end', () => {
    expect(keysOf({ pattern: '(?P=x)(' })).toContain('no regular expression');
    expect(matchSubscription(subscription({}, { filter: '{' }), DID, META).isKnown).toBe(false);
    const name = `${'a'.repeat(60)}!`;
    const slow = subscription({ pattern: '(a+)+$' });
    expect(matchSubscription(slow, { scope: 'x', name }, META)).toEqual({
      isKnown: false,
      why: expect.stringContaining('too long') as string,
    });
  });
});

describe('rucio_match_subscriptions', () => {
  let rucio: RucioOnFaultServer;
  beforeEach(async () => {
    rucio = await smallRucio();
    addDataset(rucio, []);
    rucio.server.on('GET /dids/mock/ds/meta', json({ ...META, is_new: true }));
  });
  afterEach(() => rucio.close());

  it('lists the nearest first, with the reasons of the others', async () => {
    rucio.server.on(
      'GET /subscriptions/',
      ndjson([
        subscription({ scope: ['data'], project: ['y'] }, { name: 'far' }),
        subscription({ scope: ['mock'] }, { name: 'asleep', state: 'INACTIVE' }),
        subscription({ scope: ['mock'] }, { name: 'right' }),
      ]),
    );
    const answer = await runTool('rucio_match_subscriptions', { did: 'mock:ds' }, rucio);
    expect(answer).toMatchObject({
      matches: 1,
      verdict: '1 active subscription of 3 match. Rucio has not looked at it yet.',
      rows: [
        ['asleep', 'root', 'INACTIVE', true, 'not active', '2 at tier=1'],
        ['right', 'root', 'ACTIVE', true, null, '2 at tier=1'],
        ['far', 'root', 'ACTIVE', false, expect.stringContaining('scope is mock'), '2 at tier=1'],
      ],
    });
  });
});
