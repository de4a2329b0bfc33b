import { type Ask, type Question, columnOf, rowsOf } from './question';

const MC = 'mc20_13TeV';
const TTBAR = `${MC}:${MC}.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.deriv.DAOD_PHYS.e6337_s3681_r13145_p5855`;
const TTH = `${MC}:${MC}.346343.PhPy8EG_A14NNPDF23_NNPDF30ME_ttH125_allhad.deriv.DAOD_PHYS.e7148_a907_r13145_p5855`;
const ZMUMU = `${MC}:${MC}.700323.Sh_2211_Zmumu_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681_r13145_p5855`;
const NTUPLES = 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root';
const LIMITS = 'user.jdoe:analysis/2026/higgs/limits_v2';
const DAY_SECONDS = 86_400;

/** A change; where it has to be confirmed, the user agrees. */
async function change(
  ask: Ask,
  tool: Parameters<Ask>[0],
  args: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const first = await ask(tool, args);
  const { confirm } = first;
  return typeof confirm === 'string' ? ask(tool, { ...args, confirm }) : first;
}

/** Questions about rules. */
export const RULE_QUESTIONS: readonly Question[] = [
  {
    number: 7,
    question: 'Why is my rule stuck?',
    account: 'jdoe',
    calls: 2,
    ask: async (ask) => {
      const [rule] = rowsOf(await ask('rucio_list_account_rules', { state: 'STUCK' }));
      const answer = await ask('rucio_explain_rule', { rule_id: rule?.['id'] });
      const errors = rowsOf(answer['errors']);
      return {
        did: answer['did'],
        cause: answer['cause'],
        destination: errors[0]?.['rse'],
        error: /TRANSFER \[\d+\] [^:"]*/.exec(String(answer['verdict']))?.[0],
      };
    },
    facts: {
      did: TTH,
      cause: 'TRANSFER_ERRORS',
      destination: 'DESY-HH_DATADISK',
      error: 'TRANSFER [5] DESTINATION CHECKSUM MISMATCH',
    },
  },
  {
    number: 8,
    question: 'How far is my transfer to DESY, and what is it waiting for?',
    about: TTBAR,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const { percent, cause, destinations, errors } = await ask('rucio_explain_rule', {
        rule_id: TTBAR,
      });
      return {
        percent,
        cause,
        to: columnOf(destinations, 'rse'),
        failed: errors === undefined ? 0 : rowsOf(errors).length,
      };
    },
    facts: { percent: 50, cause: 'TRANSFERRING', to: ['DESY-HH_DATADISK'], failed: 0 },
  },
  {
    number: 9,
    question: 'Make a copy at BNL for 14 days and tell me when it is done.',
    about: LIMITS,
    account: 'jdoe',
    calls: 4,
    writes: true,
    ask: async (ask) => {
      const planned = await ask('rucio_plan_rule', {
        dids: LIMITS,
        rse_expression: 'BNL-OSG2_DATADISK',
        lifetime: 14 * DAY_SECONDS,
      });
      const made = await change(ask, 'rucio_add_rule', { plan: planned['plan'] });
      const [id] = columnOf(made, 'rule_id');
      const waited = await ask('rucio_wait_for_rule', { rule_id: id, max_seconds: 0 });
      return {
        possible: planned['possible'],
        did: waited['did'],
        state: waited['state'],
        ends: typeof waited['expires_at'],
      };
    },
    facts: { possible: true, did: LIMITS, state: 'REPLICATING', ends: 'string' },
  },
  {
    number: 12,
    question: 'Why was my request for RAL refused?',
    about: LIMITS,
    account: 'jdoe',
    calls: 1,
    ask: async (ask) => {
      const args = { dids: LIMITS, rse_expression: 'RAL-LCG2_SCRATCHDISK' };
      const { possible, candidates } = await ask('rucio_plan_rule', args);
      return { possible, why: columnOf(candidates, 'why') };
    },
    facts: { possible: false, why: ['no quota'] },
  },
  {
    number: 13,
    question:
      'Which rules of jdoe expire within 31 days? Extend two of them by 30 days (operator).',
    account: 'root',
    calls: 3,
    writes: true,
    ask: async (ask) => {
      const expiring = rowsOf(
        await ask('rucio_list_account_rules', { account: 'jdoe', expires_within_days: 31 }),
      );
      const later: boolean[] = [];
      for (const wanted of [NTUPLES, TTH]) {
        const rule = expiring.find(({ did }) => did === wanted);
        const args = { rule_id: rule?.['id'], lifetime: 60 * DAY_SECONDS };
        const updated = await change(ask, 'rucio_update_rule', args);
        later.push(String(updated['expires_at']) > String(rule?.['expires_at']));
      }
      // Question 9 may have made another rule that expires.
      const dids = expiring.map(({ did }) => did).filter((did) => did !== LIMITS);
      return { expiring: dids.sort(), areLater: later };
    },
    facts: { expiring: [TTH, ZMUMU, NTUPLES], areLater: [true, true] },
  },
  {
    number: 14,
    question: 'What uses most of my space, and what would be lost if I dropped it?',
    account: 'jdoe',
    calls: 2,
    ask: async (ask) => {
      const { largest } = await ask('rucio_list_account_rules', { summary: true });
      const [first] = rowsOf(largest);
      const answer = await ask('rucio_describe_did', { did: first?.['did'] });
      return {
        did: first?.['did'],
        bytes: first?.['bytes'],
        at: columnOf(answer['rses'], 'rse'),
      };
    },
    facts: {
      did: 'mc20_13TeV:mc20_13TeV.700323.Sh_2211_Zmumu_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681_r13144_p5855',
      bytes: 36158388364,
      at: ['BNL-OSG2_DATADISK', 'CERN-PROD_DATADISK'],
    },
  },
  {
    number: 21,
    question: 'Which requests wait for my approval? Approve one (operator).',
    account: 'root',
    calls: 4,
    writes: true,
    ask: async (ask) => {
      const waiting = rowsOf(
        await ask('rucio_list_replication_rules', { state: 'WAITING_APPROVAL' }),
      );
      const [rule] = waiting;
      await ask('rucio_plan_rule', {
        dids: rule?.['did'],
        rse_expression: rule?.['rse_expression'],
        account: rule?.['account'],
      });
      const approved = await change(ask, 'rucio_approve_rule', { rule_id: rule?.['id'] });
      return { waiting: waiting.length, account: rule?.['account'], state: approved['state'] };
    },
    facts: { waiting: 1, account: 'jdoe', state: 'INJECT' },
  },
  {
    number: 23,
    question: 'Move the data of jdoe from a site that closes (operator).',
    about: LIMITS,
    account: 'root',
    calls: 4,
    writes: true,
    ask: async (ask) => {
      const args = { account: 'jdoe', rse_expression: 'CERN-PROD' };
      const rules = rowsOf(await ask('rucio_list_account_rules', args));
      const rule = rules.find(({ did }) => did === LIMITS);
      const planned = await ask('rucio_plan_rule', {
        dids: LIMITS,
        rse_expression: 'DESY-HH_DATADISK',
        account: 'jdoe',
      });
      const moved = await change(ask, 'rucio_move_rule', {
        rule_id: rule?.['id'],
        rse_expression: 'DESY-HH_DATADISK',
      });
      return {
        possible: planned['possible'],
        isNew: /^[0-9a-f]{32}$/.test(String(moved['new_rule_id'])),
      };
    },
    facts: { possible: true, isNew: true },
  },
];
