/**
 * The questions of this folder, asked of the Python server: its tools and arguments, as a sensible agent
 * would chain them. A chain stops where the server has no tool that leads on. Whether a fact is found
 * is decided by what stands in the answers, in favour of the server where that is not clear.
 */

/** What one call gave: the structured part, as hosts show it, and all of it as text. */
export interface PythonAnswer {
  readonly structured: unknown;
  readonly text: string;
  readonly isError: boolean;
}

export type AskPython = (
  tool: string,
  args?: Readonly<Record<string, unknown>>,
) => Promise<PythonAnswer>;

export interface PythonChain {
  /** Of the question that it answers. */
  readonly number: number;
  readonly account: 'jdoe' | 'root';
  readonly ask: (ask: AskPython) => Promise<void>;
  /** By name of the fact: whether all answers together tell it. */
  readonly facts: Readonly<Record<string, (seen: string) => boolean>>;
}

const MC = 'mc20_13TeV';
const ZEE = `${MC}.700320.Sh_2211_Zee_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681`;
const TTBAR = `${MC}:${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681_r13145_p5855`;
const TTH = `${MC}.346343.PhPy8EG_A14NNPDF23_NNPDF30ME_ttH125_allhad.deriv.DAOD_PHYS.e7148_a907_r13145_p5855`;
const LARGEST = `${MC}.700323.Sh_2211_Zmumu_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681_r13144_p5855`;
const GROUP = 'group.phys-higgs:group.phys-higgs.ttH_combination.workspaces.v2';
const NTUPLES = 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root';
const FILE = 'user.jdoe:user.jdoe.38761204._000001.tree.root';
const LIMITS = 'user.jdoe:analysis/2026/higgs/limits_v2';
const CERN = 'CERN-PROD_DATADISK';
const DESY = 'DESY-HH_DATADISK';
const BNL = 'BNL-OSG2_DATADISK';
const RAL = 'RAL-LCG2_SCRATCHDISK';
const DAY_SECONDS = 86_400;

const has =
  (...words: readonly (string | RegExp)[]) =>
  (seen: string): boolean =>
    words.every((word) => (typeof word === 'string' ? seen.includes(word) : word.test(seen)));
const never = (): boolean => false;
const times = (seen: string, word: RegExp): number => [...seen.matchAll(word)].length;

/** The objects below a structured answer that have a field, whatever the tables are called. */
function rowsWith(answer: PythonAnswer, field: string): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value) && field in value) found.push(value as Record<string, unknown>);
    Object.values(value).forEach(visit);
  };
  visit(answer.structured);
  return found;
}

/** The id of the first rule with these fields. */
function ruleIn(answer: PythonAnswer, fields: Readonly<Record<string, unknown>>): unknown {
  return rowsWith(answer, 'state').find((row) =>
    Object.entries(fields).every(([name, value]) => row[name] === value),
  )?.['id'];
}

export const PYTHON_CHAINS: readonly PythonChain[] = [
  {
    number: 1,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_list_dids', {
        did_pattern: `${MC}:*700320*DAOD_PHYS*`,
        did_type: 'container',
      });
    },
    facts: {
      containers: has(`${ZEE}_r13144_p5855`, `${ZEE}_r13145_p5855`, `${ZEE}_r13167_p5855`),
    },
  },
  {
    number: 2,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_get_did', { did: TTBAR });
      await ask('rucio_get_metadata', { did: TTBAR });
    },
    facts: {
      bytes: has('32273587553'),
      files: has(/\b12\b/),
      account: has('prodsys'),
      isDated: has('created_at'),
    },
  },
  {
    number: 3,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_list_rses', { rse_expression: 'site=CERN-PROD' });
      await ask('rucio_list_container_replicas', { did: TTBAR });
    },
    facts: { rse: has(CERN), site: has('CERN-PROD'), percent: has('available_length') },
  },
  {
    number: 4,
    account: 'jdoe',
    ask: async (ask) => {
      const args = { dids: TTBAR, protocols: 'root', sort: 'geoip', limit: 5 };
      await ask('rucio_list_replicas', args);
    },
    facts: {
      files: (seen) => times(seen, /root:\/\//g) >= 5,
      areXrootd: has('root://'),
    },
  },
  {
    number: 5,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_list_rses', { rse_expression: 'rse_type=DISK' });
      await ask('rucio_list_container_replicas', { did: TTBAR, deep: true });
      await ask('rucio_list_rse_attributes', { rse: CERN });
    },
    facts: { sites: has('available_length', 'CERN-PROD') },
  },
  {
    number: 6,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_list_files', { did: 'archive:calibration' });
      await ask('rucio_list_replicas', {
        dids: 'archive:calibration',
        rse_expression: 'rse_type=DISK',
        limit: 1000,
      });
      await ask('rucio_list_replicas', { dids: 'archive:calibration', limit: 1000 });
    },
    facts: {
      names: has('calibration-2009.tar', 'calibration-2010.tar'),
      missing: has('calibration-2009.tar', 'calibration-2010.tar'),
      // A file without any copy has no row, and nobody says so.
      nowhere: never,
      onTape: has('CERN-PROD_RAW'),
    },
  },
  {
    number: 7,
    account: 'jdoe',
    ask: async (ask) => {
      const rules = await ask('rucio_list_account_rules', {});
      await ask('rucio_get_replication_rule', { rule_id: ruleIn(rules, { state: 'STUCK' }) });
      await ask('rucio_list_requests', {
        src_rse: CERN,
        dst_rse: DESY,
        request_states: 'FAILED',
      });
    },
    facts: {
      did: has(TTH),
      // Of the stuck rule itself, in the words of the transfer service.
      cause: has(/"error":\s*"TRANSFER \[\d+\] /),
      destination: has(DESY),
      error: has('TRANSFER [5] DESTINATION CHECKSUM MISMATCH'),
    },
  },
  {
    number: 8,
    account: 'jdoe',
    ask: async (ask) => {
      const rules = await ask('rucio_list_did_rules', { did: TTBAR });
      const id = ruleIn(rules, { state: 'REPLICATING' });
      await ask('rucio_get_replication_rule', { rule_id: id });
    },
    facts: {
      percent: has('locks_replicating'),
      // Nothing tells of the transfers.
      cause: never,
      to: has(DESY),
      failed: never,
    },
  },
  {
    number: 9,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_get_local_account_usage', { account: 'jdoe' });
      await ask('rucio_add_rule', {
        dids: LIMITS,
        copies: 1,
        rse_expression: BNL,
        lifetime: 14 * DAY_SECONDS,
      });
      await ask('rucio_list_did_rules', { did: LIMITS });
    },
    facts: {
      possible: has(BNL),
      did: has(LIMITS),
      state: has('REPLICATING'),
      ends: has('expires_at'),
    },
  },
  {
    number: 10,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_get_local_account_usage', {});
      await ask('rucio_get_local_account_limits', {});
    },
    facts: {
      rses: has(CERN, BNL, DESY),
      limits: has('500000000000', '5000000000000', '20000000000000'),
      global: has('25000000000000'),
    },
  },
  {
    number: 11,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_get_did', { did: TTBAR });
      await ask('rucio_get_local_account_usage', {});
      await ask('rucio_get_local_account_limits', {});
    },
    facts: { fits: has('32273587553', CERN, BNL, DESY) },
  },
  {
    number: 12,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_get_local_account_limits', {});
    },
    facts: {
      possible: (seen) => has(CERN)(seen) && !seen.includes(RAL),
      why: (seen) => has(CERN)(seen) && !seen.includes(RAL),
    },
  },
  {
    number: 13,
    account: 'root',
    ask: async (ask) => {
      const rules = await ask('rucio_list_account_rules', { account: 'jdoe' });
      for (const name of [NTUPLES.split(':')[1], TTH]) {
        const id = ruleIn(rules, { name });
        await ask('rucio_update_rule', { rule_id: id, lifetime: 60 * DAY_SECONDS });
      }
    },
    facts: {
      expiring: has('expires_at', TTH, NTUPLES.split(':')[1] ?? ''),
      areLater: (seen) => times(seen, /\bupdated\b/gi) >= 2,
    },
  },
  {
    number: 14,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_list_account_rules', { limit: 1000 });
      await ask('rucio_list_container_replicas', { did: `${MC}:${LARGEST}` });
    },
    facts: { did: has(LARGEST), bytes: has('36158388364'), at: has(BNL, CERN) },
  },
  {
    number: 15,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_list_did_rules', { did: FILE });
      await ask('rucio_list_parent_dids', { did: FILE });
      await ask('rucio_list_did_rules', { did: `${NTUPLES}.387612044` });
      await ask('rucio_list_parent_dids', { did: `${NTUPLES}.387612044` });
      await ask('rucio_list_did_rules', { did: NTUPLES });
    },
    facts: { total: has('locks_ok'), on: has('v3_tree.root'), account: has('jdoe') },
  },
  {
    number: 16,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_list_dids', { did_pattern: FILE, did_type: 'file' });
      await ask('rucio_list_parent_dids', { did: FILE });
    },
    facts: { did: has(FILE.split(':')[1] ?? ''), datasets: has('v3_tree.root.387612044') },
  },
  {
    number: 17,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_get_rse', { rse: RAL });
      await ask('rucio_get_rse_usage', { rse: RAL });
      await ask('rucio_get_rse_limits', { rse: RAL });
    },
    facts: {
      readable: has(/availability_read\W+false/i),
      writable: has(/availability_write\W+true/i),
      free: has('80000000000000'),
    },
  },
  {
    number: 18,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_list_rses', { rse_expression: 'country=US&tier=1&rse_type=DISK' });
      await ask('rucio_get_rse_usage', { rse: BNL });
    },
    facts: { rse: has(BNL), free: has('500000000000000') },
  },
  {
    number: 19,
    account: 'jdoe',
    ask: async (ask) => {
      const history = await ask('rucio_list_rule_history', { did: GROUP });
      const [rule] = rowsWith(history, 'rule_id');
      await ask('rucio_get_replication_rule', { rule_id: rule?.['rule_id'] });
    },
    facts: { where: has(`${CERN}|${BNL}`), state: has('OK'), account: has('physics-higgs') },
  },
  {
    number: 20,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_list_subscriptions', {});
      await ask('rucio_get_metadata', { did: TTBAR });
    },
    facts: {
      // Whether a filter matches is left to the model.
      matches: never,
      name: has('ttbar samples to DESY'),
      rules: has(DESY),
      whyNot: has('scope'),
    },
  },
  {
    number: 21,
    account: 'root',
    ask: async (ask) => {
      const rules = await ask('rucio_list_replication_rules', { limit: 1000 });
      const id = ruleIn(rules, { state: 'WAITING_APPROVAL' });
      await ask('rucio_approve_rule', { rule_id: id });
      await ask('rucio_get_replication_rule', { rule_id: id });
    },
    facts: {
      waiting: has('WAITING_APPROVAL'),
      account: has('jdoe'),
      state: has('INJECT'),
    },
  },
  {
    number: 22,
    account: 'root',
    ask: async (ask) => {
      await ask('rucio_list_requests', {
        src_rse: CERN,
        dst_rse: DESY,
        request_states: 'SUBMITTED,FAILED',
      });
    },
    facts: { running: (seen) => times(seen, /SUBMITTED|"S"/g) >= 2 },
  },
  {
    number: 23,
    account: 'root',
    ask: async (ask) => {
      const rules = await ask('rucio_list_account_rules', { account: 'jdoe', limit: 1000 });
      const id = ruleIn(rules, { name: LIMITS.split(':')[1] });
      await ask('rucio_get_local_account_limits', { account: 'jdoe' });
      await ask('rucio_move_rule', { rule_id: id, rse_expression: DESY });
    },
    facts: { possible: has(DESY), isNew: has(/[0-9a-f]{32}/) },
  },
  {
    number: 24,
    account: 'jdoe',
    ask: async (ask) => {
      await ask('rucio_get_metadata', { did: GROUP });
    },
    facts: { project: has('group'), account: has('physics-higgs'), type: has('DATASET') },
  },
];
