import { AppError } from '../../errors';
import { RucioError } from '../../rucio/errors';
import type { RseRow } from '../../rucio/schemas/rses';
import { escapeName, quoteName } from '../../rucio/untrusted-text';
import { namesOf } from '../composite/locate-data';
import { Parts } from '../composite/parts';
import { type Quota, byTightness, exceededLimits, fits, localQuotas } from '../composite/quota';
import { type Bytes, inWords } from '../composite/sizes';
import type { ToolContext } from '../define';
import { rseDirectoryOf } from '../rse-directory';
import type { WantedRule } from './new-rule';
import { type Stakes, names, tooFew } from './new-rule-stakes';

/** Longest time that an error is made better for, in milliseconds. */
const MAX_MS = 2000;
const SHOWN = 5;

/** Rucio's refusal of a new rule, with the numbers that Rucio leaves out. */
export async function explainRefusal(
  error: unknown,
  context: ToolContext,
  rule: WantedRule,
  stakes: Stakes,
): Promise<unknown> {
  if (!(error instanceof AppError)) return error;
  switch (error.code) {
    case 'QUOTA':
      return (await quotaError(error, context, rule, stakes)) ?? error;
    case 'TOO_FEW_RSES':
      return tooFew(rule, stakes.targets, error);
    case 'RSE_BLOCKED':
      return blockedError(error, context, stakes);
    default:
      return error;
  }
}

async function quotaError(
  error: AppError,
  { rucio, signal }: ToolContext,
  { account }: WantedRule,
  { bytes, targets }: Stakes,
): Promise<AppError | undefined> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(MAX_MS)]);
  const asking = { rucio, signal: inTime };
  const parts = new Parts();
  const asked = Promise.all([
    localQuotas(asking, account, parts),
    exceededLimits(asking, { account, bytes, parts }),
  ]);
  const found = await asked.catch((failure: unknown) =>
    // Rucio before 36 finds no quota where there is no account.
    RucioError.is(failure, 'AccountNotFound') ? failure : undefined,
  );
  // Otherwise the numbers are only an addition.
  if (found === undefined || found instanceof RucioError) return found;
  const [quotas, exceeded] = found;
  if (quotas === undefined) return undefined;
  const isTarget = new Set(targets.map(({ rse }) => rse));
  const all = [...quotas.values()].sort(byTightness);
  // Limits over sets of RSEs, by the expression of the set.
  const over = exceeded
    .filter(({ rses }) => targets.some(({ rse }) => rses.has(rse)))
    .map(({ quota }) => quota);
  const there = all.filter(({ place }) => isTarget.has(place));
  const others = all.filter(
    (quota) =>
      !isTarget.has(quota.place) &&
      fits(quota, bytes) &&
      !exceeded.some(({ rses }) => rses.has(quota.place)),
  );
  return new AppError('QUOTA', {
    what: `Rucio made no rule: ${quoteName(account)} needs ${inWords(bytes)}, and its quota does not suffice.`,
    why:
      there.length === 0
        ? `It has no quota at ${names(targets)}.`
        : `Left at the targets: ${[...over, ...there].slice(0, SHOWN).map(leftInWords).join('; ')}.`,
    next:
      others.length === 0
        ? 'ask for more quota; rucio_quota_overview shows all limits'
        : `choose RSEs where it fits: ${others.slice(0, SHOWN).map(leftInWords).join('; ')}`,
    cause: error,
  });
}

function leftInWords({ place, left, limit }: Quota): string {
  const amount = (value: Bytes | 'unlimited') => (value === 'unlimited' ? value : inWords(value));
  return `${escapeName(place)} ${amount(left)} of ${amount(limit)}`;
}

/** Other RSEs of the same type and country, where none of the targets is writable. */
async function blockedError(
  error: AppError,
  context: ToolContext,
  { targets }: Stakes,
): Promise<AppError> {
  const blocked = targets.filter(({ availability_write: writable }) => writable === false);
  const free = targets.filter(({ availability_write: writable }) => writable === true);
  const [first] = blocked;
  // The names are an addition.
  const near =
    free.length > 0 || first === undefined
      ? []
      : await writableNear(first, context).catch(() => []);
  return new AppError('RSE_BLOCKED', {
    what: 'Rucio made no rule: its RSEs do not accept new data now.',
    why: blocked.length === 0 ? undefined : `Not writable: ${names(blocked)}.`,
    next:
      free.length > 0
        ? `choose among the writable ones: ${names(free)}`
        : near.length > 0
          ? `choose other RSEs; writable in the same country: ${names(near)}`
          : 'choose other RSEs',
    cause: error,
  });
}

async function writableNear(blocked: RseRow, context: ToolContext): Promise<RseRow[]> {
  const { rucio, site } = context;
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(MAX_MS)]);
  const directory = rseDirectoryOf(site);
  const { country } = await directory.attributes(blocked.rse, { rucio, signal });
  if (typeof country !== 'string' || !/^[\w-]+$/.test(country)) return [];
  const all = await directory.list({ rucio, signal });
  const near = await namesOf(`country=${country}`, { rucio, signal });
  return [...near]
    .sort()
    .flatMap((name) => all.get(name) ?? [])
    .filter((row) => row.availability_write === true && row.rse_type === blocked.rse_type);
}
