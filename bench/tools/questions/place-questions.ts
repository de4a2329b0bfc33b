import { type Question, columnOf, rowsOf } from './question';

const MC = 'mc20_13TeV';
const TTBAR = `${MC}:${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681_r13145_p5855`;

/** Questions about quota, storage, transfers and subscriptions. */
export const PLACE_QUESTIONS: readonly Question[] = [
  {
    number: 10,
    question: 'How much quota do I have left?',
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const answer = await ask('rucio_quota_overview');
      return {
        rses: columnOf(answer, 'rse'),
        limits: columnOf(answer, 'limit'),
        global: columnOf(answer['global'], 'limit'),
      };
    },
    facts: {
      rses: ['CERN-PROD_DATADISK', 'BNL-OSG2_DATADISK', 'DESY-HH_DATADISK'],
      limits: [500_000_000_000, 5_000_000_000_000, 20_000_000_000_000],
      global: [25_000_000_000_000],
    },
  },
  {
    number: 11,
    question: 'Where could I put this dataset?',
    about: TTBAR,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const rows = rowsOf(await ask('rucio_quota_overview', { did: TTBAR }));
      return { fits: rows.filter(({ fits }) => fits === true).map(({ rse }) => rse) };
    },
    facts: { fits: ['CERN-PROD_DATADISK', 'BNL-OSG2_DATADISK', 'DESY-HH_DATADISK'] },
  },
  {
    number: 17,
    question: 'Is this storage up, writable, full?',
    about: 'RAL-LCG2_SCRATCHDISK',
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const answer = await ask('rucio_describe_rse', { rse: 'RAL-LCG2_SCRATCHDISK' });
      const storage = rowsOf(answer['usage']).find(({ source }) => source === 'storage');
      return {
        readable: answer['readable'],
        writable: answer['writable'],
        free: storage?.['free'],
      };
    },
    facts: { readable: false, writable: true, free: 80_000_000_000_000 },
  },
  {
    number: 18,
    question: 'US tier-1 disks with most free space.',
    account: 'jdoe',
    calls: 2,
    ask: async (ask) => {
      const args = { rse_expression: 'country=US&tier=1&rse_type=DISK' };
      const [rse] = columnOf(await ask('rucio_list_rses', args), 'rse');
      const answer = await ask('rucio_describe_rse', { rse });
      const storage = rowsOf(answer['usage']).find(({ source }) => source === 'storage');
      return { rse, free: storage?.['free'] };
    },
    facts: { rse: 'BNL-OSG2_DATADISK', free: 500_000_000_000_000 },
  },
  {
    number: 20,
    question: 'Will a subscription copy my dataset? Why not the others?',
    about: TTBAR,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const answer = await ask('rucio_match_subscriptions', { did: TTBAR });
      const [match, other] = rowsOf(answer);
      return {
        matches: answer['matches'],
        name: match?.['subscription'],
        rules: match?.['rules'],
        whyNot: String(other?.['why_not']).includes('scope'),
      };
    },
    facts: {
      matches: 1,
      name: 'ttbar samples to DESY',
      rules: '1 at DESY-HH_DATADISK',
      whyNot: true,
    },
  },
  {
    number: 22,
    question: 'Are transfers from CERN to DESY running or failing (operator)?',
    account: 'root',
    calls: 1,
    ask: async (ask) => {
      const rows = rowsOf(
        await ask('rucio_list_requests', {
          src_rse: 'CERN-PROD_DATADISK',
          dst_rse: 'DESY-HH_DATADISK',
          request_states: 'SUBMITTED,FAILED',
        }),
      );
      return { running: rows.filter(({ state }) => state === 'SUBMITTED').length };
    },
    facts: { running: 2 },
  },
];
