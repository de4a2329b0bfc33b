import { quoteName } from '../../rucio/untrusted-text';
import type { RuleFacts } from './rule-facts';
import { counted, inWords } from './sizes';

/** Why a rule is not done, most certain first. */
export const RULE_CAUSES = [
  'DONE',
  'NEEDS_APPROVAL',
  'SUSPENDED',
  'BEING_CREATED',
  'DESTINATION_NOT_WRITABLE',
  'NO_SOURCE',
  'SOURCE_NOT_READABLE',
  'NO_COMMON_PROTOCOL',
  'QUOTA_EXCEEDED',
  'DESTINATION_FULL',
  'TRANSFER_ERRORS',
  'STAGING_FROM_TAPE',
  'TRANSFERRING',
  'QUEUED',
  'UNKNOWN',
] as const;
export type RuleCause = (typeof RULE_CAUSES)[number];

export interface Diagnosis {
  readonly cause: RuleCause;
  readonly verdict: string;
  /** Null when nothing is to be done. */
  readonly fix: string | null;
}

type Check = (facts: RuleFacts) => Diagnosis | undefined;

/** From the rule's state first, then from facts about destinations, sources and transfers. */
export function diagnose(facts: RuleFacts): Diagnosis {
  for (const check of CHECKS) {
    const diagnosis = check(facts);
    if (diagnosis !== undefined) return diagnosis;
  }
  return unknown(facts);
}

const byState: Check = ({ rule, destinations }) => {
  switch (rule.state) {
    case 'OK':
      return {
        cause: 'DONE',
        verdict: `All ${counted(rule.locks_ok_cnt ?? 0, 'lock')} are in place.`,
        fix: null,
      };
    case 'WAITING_APPROVAL':
      return {
        cause: 'NEEDS_APPROVAL',
        verdict: 'Nothing is copied before somebody approves the rule.',
        fix: `ask who is responsible for ${destinations[0] === undefined ? 'the RSE' : quoteName(destinations[0].rse)}, or a Rucio administrator, to approve it`,
      };
    case 'SUSPENDED':
      return {
        cause: 'SUSPENDED',
        verdict: 'The rule was suspended; Rucio does nothing for it.',
        fix: 'ask its owner or a Rucio administrator to resume it, or delete it and make another',
      };
    case 'INJECT':
      return {
        cause: 'BEING_CREATED',
        verdict: 'Rucio has not yet chosen where the files go; it does so in the background.',
        fix: 'wait some minutes: rucio_wait_for_rule',
      };
    default:
      return undefined;
  }
};

const blockedDestination: Check = ({ destinations }) => {
  const blocked = destinations.filter(
    ({ row, stuck, replicating }) => row?.availability_write === false && stuck + replicating > 0,
  );
  if (blocked.length === 0) return undefined;
  const names = blocked.map(({ rse }) => quoteName(rse)).join(', ');
  return {
    cause: 'DESTINATION_NOT_WRITABLE',
    verdict: `${names} does not accept data now.`,
    fix: 'wait until it is writable again, or make the copy elsewhere: rucio_plan_rule',
  };
};

const noSource: Check = ({ transfers, requests }) => {
  const without = transfers.filter(({ sources }) => sources?.length === 0).length;
  const requested = requests.filter(({ state }) => state === 'NO_SOURCES').length;
  if (without === 0 && requested === 0) return undefined;
  return {
    cause: 'NO_SOURCE',
    verdict: `${counted(Math.max(without, requested), 'file')} can not be copied: no RSE has a copy to read.`,
    fix: 'rucio_find_missing_files(did, rse_expression="*") names them; ask the owner to produce or upload them again',
  };
};

const unreadableSource: Check = ({ transfers }) => {
  const waiting = transfers.filter(
    ({ sources }) => sources !== null && sources !== undefined && sources.length > 0,
  );
  const unreadable = waiting.filter(({ sources }) => sources?.every(([, canRead]) => !canRead));
  if (unreadable.length === 0) return undefined;
  const names = new Set(unreadable.flatMap(({ sources }) => sources?.map(([rse]) => rse) ?? []));
  return {
    cause: 'SOURCE_NOT_READABLE',
    verdict: `The only copies of ${counted(unreadable.length, 'file')} are at ${[...names].sort().slice(0, 3).map(quoteName).join(', ')}, which can not be read now.`,
    fix: 'wait until the source is readable again; Rucio tries again by itself',
  };
};

const noProtocol: Check = ({ requests, transfers, rule }) => {
  const texts = [rule.error, ...transfers.map(({ last_error: error }) => error)];
  const isMismatch =
    requests.some(({ state }) => state === 'MISMATCH_SCHEME') ||
    // The name of a request's state; Rucio puts it in front of its error texts.
    texts.some((text) => /\bMISMATCH_SCHEME\b/.test(text ?? ''));
  if (!isMismatch) return undefined;
  return {
    cause: 'NO_COMMON_PROTOCOL',
    verdict: 'Source and destination have no transfer protocol in common.',
    fix: 'ask a Rucio administrator, or choose another RSE: rucio_plan_rule',
  };
};

const noQuota: Check = ({ rule, destinations }) => {
  const over = destinations.find(({ quotaLeft }) => quotaLeft !== undefined && quotaLeft < 0n);
  if (over === undefined) return undefined;
  return {
    cause: 'QUOTA_EXCEEDED',
    verdict: `The quota of ${quoteName(rule.account ?? '')} at ${quoteName(over.rse)} is exceeded by ${inWords(-(over.quotaLeft ?? 0n))}.`,
    fix: 'delete rules that are no longer needed there (rucio_list_account_rules), or ask for more quota',
  };
};

const noSpace: Check = ({ destinations }) => {
  const full = destinations.find(
    ({ free, stuck, replicating }) => free !== undefined && free <= 0n && stuck + replicating > 0,
  );
  if (full === undefined) return undefined;
  return {
    cause: 'DESTINATION_FULL',
    verdict: `${quoteName(full.rse)} has no free space.`,
    fix: 'wait until space is freed, or make the copy elsewhere: rucio_plan_rule',
  };
};

const errors: Check = ({ rule, transfers }) => {
  const failed = transfers.filter(({ last_error: error }) => isText(error));
  const told = failed.map(({ last_error: error }) => error ?? '');
  // The rule itself has the words of its last failure, also for those who may not see transfers.
  const words = told.find((error) => !isState(error)) ?? rule.error;
  const top = isText(words) ? words : told[0];
  if (top === undefined) return undefined;
  return {
    cause: 'TRANSFER_ERRORS',
    verdict:
      failed.length > 0
        ? `Transfers of ${counted(failed.length, 'file')} failed, the last one with ${quoteName(top)}.`
        : `Rucio could not go on: ${quoteName(top)}.`,
    fix: 'Rucio tries stuck rules again by itself; if the error stays, give it to the operators of the RSEs in errors',
  };
};

const underWay: Check = ({ rule, requests, transfers, rses }) => {
  const percent = `${rule.locks_ok_cnt ?? 0} of ${(rule.locks_ok_cnt ?? 0) + (rule.locks_replicating_cnt ?? 0) + (rule.locks_stuck_cnt ?? 0)} locks are in place`;
  const sources = [
    ...transfers.flatMap(({ sources: found }) => found?.map(([rse]) => rse) ?? []),
    ...requests.flatMap(({ source_rse: rse }) => rse ?? []),
  ];
  const states = requests.map(({ state }) => state);
  const fix = 'wait: rucio_wait_for_rule';
  if (
    states.includes('ONLY_TAPE_SOURCES') ||
    (sources.length > 0 && sources.every((rse) => rses.get(rse)?.rse_type === 'TAPE'))
  ) {
    return {
      cause: 'STAGING_FROM_TAPE',
      verdict: `${percent}; the rest is only on tape, and reading tape takes hours to days.`,
      fix,
    };
  }
  if (states.some((state) => state === 'SUBMITTED' || state === 'SUBMITTING')) {
    return { cause: 'TRANSFERRING', verdict: `${percent}; transfers are running.`, fix };
  }
  if (states.length > 0) {
    return { cause: 'QUEUED', verdict: `${percent}; transfers wait for their turn.`, fix };
  }
  return undefined;
};

const CHECKS: readonly Check[] = [
  byState,
  blockedDestination,
  noSource,
  unreadableSource,
  noProtocol,
  noQuota,
  noSpace,
  errors,
  underWay,
];

function unknown({ rule }: RuleFacts): Diagnosis {
  return rule.state === 'REPLICATING'
    ? {
        cause: 'QUEUED',
        verdict: 'Files are on their way; Rucio tells no error and no running transfer.',
        fix: 'wait: rucio_wait_for_rule',
      }
    : {
        cause: 'UNKNOWN',
        verdict: 'Rucio tells no reason that this account may see.',
        fix: "ask the experiment's data management, with the id of the rule",
      };
}

/** Whether an error is no more than the name of a request's state, as `FAILED`. */
function isState(error: string): boolean {
  return /^[A-Z_]+$/.test(error);
}

/** Rucio writes `None` where there is no error. */
export function isText(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text.trim() !== '' && text !== 'None';
}
