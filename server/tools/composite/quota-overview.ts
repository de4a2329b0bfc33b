import { z } from 'zod';

import { AppError } from '../../errors';
import { formatDid, parseDid } from '../../rucio/did';
import type { RseRow } from '../../rucio/schemas/rses';
import { escapeName, quoteName } from '../../rucio/untrusted-text';
import { type ToolContext, defineTool } from '../define';
import { withNearNames } from '../dids/near-names';
import { type Cell, tableShape, toTable } from '../results';
import { rseDirectoryOf } from '../rse-directory';
import { NotPermitted, Size, SmallTable, smallTable, unlessEmpty } from './fields';
import { namesOf } from './locate-data';
import { Parts } from './parts';
import { type Quota, byTightness, fits, globalQuotas, localQuotas } from './quota';
import { counted, fromBytes, inWords, toBytes } from './sizes';

const MAX_ROWS = 40;
const MAX_GLOBAL = 5;

export const quotaOverview = defineTool({
  name: 'rucio_quota_overview',
  input: z.strictObject({
    account: z.string().default('').describe('default: yours'),
    rse_expression: z.string().default(''),
    did: z.string().default('').describe('data that should fit'),
  }),
  output: z.object({
    account: z.string(),
    verdict: z.string(),
    did: z.string().optional(),
    bytes: Size.optional(),
    ...tableShape,
    global: SmallTable.optional(),
    not_permitted: NotPermitted,
  }),
  run: async (input, context) => {
    const { rucio, site } = context;
    const account = input.account.trim() || context.account;
    const parts = new Parts();
    const expression = input.rse_expression.trim();
    const [quotas, overall, wanted, data, rses] = await Promise.all([
      localQuotas({ ...context, rucio }, account, parts),
      globalQuotas(context, account, parts),
      expression === '' ? undefined : parts.needed(() => namesOf(expression, context)),
      input.did.trim() === '' ? undefined : dataOf(input.did, context, parts),
      parts.needed(() => rseDirectoryOf(site).list(context)),
    ]);
    if (quotas === undefined) throw notPermitted(account);
    const rows = [...quotas.values()]
      .filter(({ place }) => wanted === undefined || wanted.has(place))
      .sort(byTightness);
    const items = rows.map((quota) => ({
      sortKey: '',
      rows: [[...cells(quota), ...fitCell(quota, data, rses)]],
    }));
    const columns = [
      'rse',
      'used',
      'limit',
      'left',
      'files',
      ...(data === undefined ? [] : ['fits']),
    ];
    const table = toTable(
      columns,
      { items: items.slice(0, MAX_ROWS), offset: 0, count: items.length, isWhole: true },
      "Rucio's figures lag; data on its way counts as used",
      ...(items.length > MAX_ROWS ? ['narrow with rse_expression to see the others'] : []),
    );
    return {
      account: escapeName(account),
      verdict: verdictOf(rows, data, rses),
      ...(data === undefined ? {} : { did: data.did, bytes: fromBytes(data.bytes) }),
      ...table,
      next_offset: null,
      ...unlessEmpty(
        'global',
        smallTable(
          ['rse_expression', 'used', 'limit', 'left', 'files'],
          [...overall].sort(byTightness).map(cells),
          MAX_GLOBAL,
        ),
      ),
      ...parts.notPermitted,
    };
  },
});

interface Data {
  readonly did: string;
  readonly bytes: bigint | undefined;
}

async function dataOf(text: string, context: ToolContext, parts: Parts): Promise<Data> {
  const did = parseDid(text);
  const { rucio, signal } = context;
  const status = await parts.needed(() =>
    withNearNames(rucio, did, signal, rucio.dids.get(did, { signal })),
  );
  return { did: escapeName(formatDid(did)), bytes: toBytes(status.bytes) };
}

/** Usage of others is shown to administrators only; without it there is no answer. */
function notPermitted(account: string): AppError {
  return new AppError('DENIED', {
    what: `Rucio does not show the quota of ${quoteName(account)} to the account in use.`,
    why: 'It shows the usage of an account to the account itself and to administrators.',
    next: 'call without account for your own quota, or ask a Rucio administrator',
  });
}

function cells({ place, used, limit, left, files }: Quota): Cell[] {
  return [escapeName(place), fromBytes(used), amount(limit), amount(left), files];
}

function amount(value: Quota['left']): number | string | null {
  return value === 'unlimited' ? value : fromBytes(value);
}

function fitCell(quota: Quota, data: Data | undefined, rses: ReadonlyMap<string, RseRow>): Cell[] {
  if (data === undefined) return [];
  if (rses.get(quota.place)?.availability_write === false) return ['not writable now'];
  return [fits(quota, data.bytes)];
}

function verdictOf(
  rows: readonly Quota[],
  data: Data | undefined,
  rses: ReadonlyMap<string, RseRow>,
): string {
  if (rows.length === 0) return 'The account has no quota and no data at these RSEs.';
  if (data === undefined) {
    const over = rows.filter(({ left }) => typeof left === 'bigint' && left < 0n);
    const finite = rows.flatMap(({ left }) => (typeof left === 'bigint' ? [left] : []));
    const unlimited = rows.filter(({ left }) => left === 'unlimited').length;
    const sum = finite.reduce((total, left) => total + (left > 0n ? left : 0n), 0n);
    const told = [
      ...(finite.length > 0
        ? [`${inWords(sum)} left at ${counted(finite.length, 'RSE')} with a limit`]
        : []),
      ...(unlimited > 0 ? [`unlimited at ${counted(unlimited, 'RSE')}`] : []),
      ...(over.length > 0 ? [`exceeded at ${counted(over.length, 'RSE')}`] : []),
    ];
    return told.length === 0 ? 'No quota is set at these RSEs.' : `Quota: ${told.join(', ')}.`;
  }
  const possible = rows.filter(
    (quota) => fits(quota, data.bytes) && rses.get(quota.place)?.availability_write !== false,
  );
  const places = possible
    .slice(-3)
    .reverse()
    .map(({ place }) => quoteName(place));
  return possible.length === 0
    ? `${inWords(data.bytes)} fit into the quota at none of ${counted(rows.length, 'RSE')}.`
    : `${inWords(data.bytes)} fit into the quota at ${possible.length} of ${counted(rows.length, 'RSE')}, most room: ${places.join(', ')}.`;
}
