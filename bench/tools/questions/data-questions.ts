import { type Question, columnOf, rowsOf } from './question';

const MC = 'mc20_13TeV';
const ZEE = `${MC}:${MC}.700320.Sh_2211_Zee_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`;
const TTBAR = `${MC}:${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681_r13145_p5855`;
const GROUP = 'group.phys-higgs:group.phys-higgs.ttH_combination.workspaces.v2';
const NTUPLES = 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root';
const FILE = 'user.jdoe:user.jdoe.38761204._000001.tree.root';
const PATH = '/dq2/datadisk/rucio/user/jdoe/38/9a/user.jdoe.38761204._000001.tree.root';

/** Questions about data and where it is. */
export const DATA_QUESTIONS: readonly Question[] = [
  {
    number: 1,
    question: 'Find the DAOD_PHYS containers of DSID 700320 in mc20.',
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const found = await ask('rucio_list_dids', {
        did_pattern: `${MC}:*700320*DAOD_PHYS*`,
        did_type: 'container',
      });
      return { containers: columnOf(found, 'did') };
    },
    facts: {
      containers: [`${ZEE}_r13144_p5855`, `${ZEE}_r13145_p5855`, `${ZEE}_r13167_p5855`],
    },
  },
  {
    number: 2,
    question: 'How big is this container, how many files, who made it, when?',
    about: TTBAR,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const {
        bytes,
        files,
        account,
        created_at: created,
      } = await ask('rucio_describe_did', {
        did: TTBAR,
      });
      return { bytes, files, account, isDated: typeof created === 'string' };
    },
    facts: { bytes: 32_273_587_553, files: 12, account: 'prodsys', isDated: true },
  },
  {
    number: 3,
    question: 'Where can I read this dataset at CERN?',
    about: TTBAR,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const args = { did: TTBAR, rse_expression: 'site=CERN-PROD' };
      const [place] = rowsOf(await ask('rucio_locate_data', args));
      return { rse: place?.['rse'], site: place?.['site'], percent: place?.['percent'] };
    },
    facts: { rse: 'CERN-PROD_DATADISK', site: 'CERN-PROD', percent: 100 },
  },
  {
    number: 4,
    question: 'Give me xrootd links of its first five files.',
    about: TTBAR,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const args = { dids: TTBAR, protocols: 'root', sort: 'geoip', limit: 5 };
      const links = rowsOf(await ask('rucio_list_replicas', args)).filter(
        ({ pfn }) => pfn !== null,
      );
      return {
        files: new Set(links.map(({ did }) => did)).size,
        areXrootd: links.every(({ pfn }) => String(pfn).startsWith('root://')),
      };
    },
    facts: { files: 5, areXrootd: true },
  },
  {
    number: 5,
    question: 'Which sites have all of it on disk?',
    about: TTBAR,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const args = { did: TTBAR, rse_expression: 'rse_type=DISK', min_percent: 100 };
      return { sites: columnOf(await ask('rucio_locate_data', args), 'site') };
    },
    facts: { sites: ['CERN-PROD'] },
  },
  {
    number: 6,
    question: 'Which files have no replica on disk?',
    about: 'archive:calibration',
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const answer = await ask('rucio_find_missing_files', { did: 'archive:calibration' });
      return {
        names: columnOf(answer, 'did'),
        missing: answer['missing'],
        nowhere: answer['nowhere'],
        onTape: columnOf(answer['elsewhere'], 'rse'),
      };
    },
    facts: {
      names: ['archive:calibration-2009.tar', 'archive:calibration-2010.tar'],
      missing: 2,
      nowhere: 1,
      onTape: ['CERN-PROD_RAW'],
    },
  },
  {
    number: 15,
    question: 'Which rules keep this file alive, and whose are they?',
    about: FILE,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const answer = await ask('rucio_list_did_rules', { did: FILE, covering: true });
      const [rule] = rowsOf(answer);
      return { total: answer['total'], on: rule?.['did'], account: rule?.['account'] };
    },
    facts: { total: 1, on: NTUPLES, account: 'jdoe' },
  },
  {
    number: 16,
    question: 'What dataset does this path belong to?',
    about: PATH,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const answer = await ask('rucio_resolve_pfn', {
        pfn: PATH,
      });
      return { did: answer['did'], datasets: columnOf(answer['parents'], 'did') };
    },
    facts: { did: FILE, datasets: [`${NTUPLES}.387612044`] },
  },
  {
    number: 19,
    question:
      'This dataset was copied last month. Who asked for it, where to, and what became of it?',
    about: GROUP,
    account: 'jdoe',
    calls: 2,
    ask: async (ask) => {
      const [rule] = rowsOf(await ask('rucio_list_rule_history', { did: GROUP }));
      const { state, account } = await ask('rucio_explain_rule', {
        rule_id: rule?.['rule_id'] ?? rule?.['id'],
      });
      return { where: rule?.['rse_expression'], state, account };
    },
    facts: {
      where: 'CERN-PROD_DATADISK|BNL-OSG2_DATADISK',
      state: 'OK',
      account: 'physics-higgs',
    },
  },
  {
    number: 24,
    question: "What is in this dataset's metadata?",
    about: GROUP,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const { metadata } = await ask('rucio_get_metadata', { did: GROUP });
      const { project, account, did_type: type } = metadata as Record<string, unknown>;
      return { project, account, type };
    },
    facts: { project: 'group', account: 'physics-higgs', type: 'DATASET' },
  },
];
