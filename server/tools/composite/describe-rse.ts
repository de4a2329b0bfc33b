import { z } from 'zod';

import type { Rse, RseAttributes, RseProtocol, RseUsageRow } from '../../rucio/schemas/rses';
import { escapeName } from '../../rucio/untrusted-text';
import { compactDate, compactNumber, compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';
import { Cell } from '../results';
import { rseDirectoryOf } from '../rse-directory';
import { NotPermitted, SmallTable, smallTable, unlessEmpty } from './fields';
import { Parts, firstRows } from './parts';
import { type Bytes, fromBytes, inWords, percentOf, toBytes } from './sizes';
import { UNTOLD, suspiciousAt, suspiciousTable } from './suspicious';

/** Attributes that have a field of their own, in the order in which the others are not repeated. */
const OWN_FIELDS = new Set(['site', 'country', 'tier']);
const MAX_ATTRIBUTES = 12;
const MAX_SOURCES = 5;
const MAX_PROTOCOLS = 5;
const MAX_ACCOUNTS = 5;

export const describeRse = defineTool({
  name: 'rucio_describe_rse',
  input: z.strictObject({ rse: z.string().describe('name, in any case') }),
  output: z.object({
    rse: z.string(),
    type: z.string().nullable(),
    site: Cell,
    country: Cell,
    tier: Cell,
    readable: z.boolean().nullable(),
    writable: z.boolean().nullable(),
    deletable: z.boolean().nullable(),
    flags: z.array(z.string()),
    verdict: z.string(),
    usage: SmallTable,
    limits: z.record(z.string(), Cell).optional(),
    protocols: SmallTable,
    accounts: SmallTable.optional(),
    suspicious: SmallTable.optional(),
    note: z.string().optional(),
    attributes: z.record(z.string(), Cell),
    next: z.string().optional(),
    not_permitted: NotPermitted,
  }),
  run: async (input, context) => {
    const { rse: name } = await rseDirectoryOf(context.site).resolve(input.rse, context);
    return describe(name, context);
  },
});

async function describe(name: string, context: ToolContext) {
  const { rucio, site, signal } = context;
  const parts = new Parts();
  const [rse, attributes = {}, usage = [], limits = {}, suspicious] = await Promise.all([
    parts.needed(() => rucio.rses.get(name, { signal })),
    parts.permitted('attributes', () => rseDirectoryOf(site).attributes(name, context)),
    parts.permitted('usage', () =>
      firstRows(rucio.rses.usage(name, { perAccount: true }, { signal }), 100),
    ),
    parts.permitted('limits', () => rucio.rses.limits(name, { signal })),
    parts.permitted('suspicious', () => suspiciousAt(name, context)),
  ]);
  return {
    rse: escapeName(name),
    type: compactText(rse.rse_type),
    site: attribute(attributes, 'site'),
    country: attribute(attributes, 'country'),
    tier: attribute(attributes, 'tier'),
    readable: rse.availability_read ?? null,
    writable: rse.availability_write ?? null,
    deletable: rse.availability_delete ?? null,
    flags: flagsOf(rse),
    verdict: verdictOf(rse, usage, toBytes(limits['MinFreeSpace'])),
    usage: usageTable(usage),
    ...(Object.keys(limits).length === 0 ? {} : { limits: numbers(limits) }),
    protocols: protocolTable(rse.protocols ?? []),
    ...unlessEmpty('accounts', accountTable(usage)),
    ...(suspicious === undefined
      ? {}
      : suspicious === 'untold'
        ? { note: UNTOLD }
        : { suspicious: suspiciousTable(suspicious) }),
    ...otherAttributes(name, attributes),
    ...parts.notPermitted,
  };
}

function attribute(attributes: RseAttributes, key: string): Cell {
  const value = attributes[key] ?? null;
  return typeof value === 'string' ? compactText(value) : value;
}

function flagsOf(rse: Rse): string[] {
  return [
    ...(rse.deterministic === false ? ['not deterministic'] : []),
    ...(rse.volatile === true ? ['volatile: files may vanish'] : []),
    ...(rse.staging_area === true ? ['staging area'] : []),
  ];
}

/** The storage's own figures are the truth about free space; Rucio's only about its own files. */
function verdictOf(rse: Rse, usage: readonly RseUsageRow[], minFree: Bytes): string {
  const blocked = [
    ...(rse.availability_read === false ? ['read'] : []),
    ...(rse.availability_write === false ? ['written'] : []),
    ...(rse.availability_delete === false ? ['deleted from'] : []),
  ];
  const up =
    blocked.length === 0
      ? 'Up: can be read, written and deleted from.'
      : `Can not be ${blocked.join(' or ')} at present.`;
  const storage =
    usage.find(({ source }) => source === 'storage') ??
    usage.find(({ free }) => free !== null && free !== undefined);
  const free = toBytes(storage?.free);
  if (free === undefined) return `${up} Nobody reports how much space is free.`;
  const total = toBytes(storage?.total) ?? free + (toBytes(storage?.used) ?? 0n);
  const share = `${percentOf(Number(free), Number(total))} % of ${inWords(total)}`;
  const full =
    minFree !== undefined && free < minFree ? ' It is full: less than MinFreeSpace.' : '';
  return `${up} ${inWords(free)} free (${share}).${full}`;
}

function usageTable(usage: readonly RseUsageRow[]): SmallTable {
  const rows = [...usage]
    .sort((a, b) => (a.source < b.source ? -1 : 1))
    .map((row): Cell[] => [
      escapeName(row.source),
      fromBytes(toBytes(row.used)),
      fromBytes(toBytes(row.free)),
      fromBytes(toBytes(row.total)),
      compactNumber(row.files),
      compactDate(row.updated_at),
    ]);
  return smallTable(['source', 'used', 'free', 'total', 'files', 'updated_at'], rows, MAX_SOURCES);
}

/** Ranks: 1 is tried first, null can not be used. */
function protocolTable(protocols: readonly RseProtocol[]): SmallTable {
  const rank = (value: number | null | undefined): Cell =>
    value === 0 || value === undefined ? null : value;
  const rows = protocols
    .map(({ scheme, hostname, port, domains }): Cell[] => [
      escapeName(scheme),
      compactText(hostname === null || hostname === undefined ? null : `${hostname}:${port ?? ''}`),
      rank(domains?.wan?.['read']),
      rank(domains?.wan?.['write']),
      rank(domains?.wan?.['third_party_copy_read'] ?? domains?.wan?.['third_party_copy']),
      rank(domains?.lan?.['read']),
    ])
    .sort((a, b) => Number(a[2] ?? Infinity) - Number(b[2] ?? Infinity) || 0);
  const columns = ['scheme', 'host', 'wan_read', 'wan_write', 'wan_copy', 'lan_read'];
  return smallTable(columns, rows, MAX_PROTOCOLS);
}

function accountTable(usage: readonly RseUsageRow[]): SmallTable {
  const accounts = usage.flatMap(({ account_usages: found }) => found ?? []);
  const rows = accounts
    .sort((a, b) => (b.percentage ?? 0) - (a.percentage ?? 0) || (a.account < b.account ? -1 : 1))
    .map(({ account, used, percentage }): Cell[] => [
      escapeName(account),
      fromBytes(toBytes(used)),
      compactNumber(percentage),
    ]);
  return smallTable(['account', 'used', 'percent'], rows, MAX_ACCOUNTS);
}

function numbers(limits: Readonly<Record<string, number | string | null>>): Record<string, Cell> {
  const entries = Object.entries(limits).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [escapeName(key), compactNumber(value)]));
}

function otherAttributes(name: string, attributes: RseAttributes) {
  const others = Object.keys(attributes)
    // Every RSE has its own name as an attribute.
    .filter((key) => key !== name && !OWN_FIELDS.has(key))
    .sort();
  const shown = others.slice(0, MAX_ATTRIBUTES);
  const more = others.length - shown.length;
  return {
    attributes: Object.fromEntries(
      shown.map((key): [string, Cell] => [escapeName(key), attribute(attributes, key)]),
    ),
    ...(more > 0 ? { next: `rucio_list_rse_attributes(rse) has ${more} more attributes` } : {}),
  };
}
