import { SEED_IDENTITIES } from '../../server/demo/seed-accounts';
import type { Caller, ContractCall } from './call';

/** An answer without what may differ between two servers that behave alike. */
export interface NormalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `chunked`, or `sized` for a body whose length is known from the start. */
  readonly framing: string;
  readonly body: unknown;
}

/** Headers of the HTTP implementation, or of the moment. */
const IGNORED_HEADERS = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'server',
  'transfer-encoding',
]);

/** Signs in to an account of the seed. */
export async function tokenFor(url: string, account: Exclude<Caller, 'nobody'>): Promise<string> {
  const identity = SEED_IDENTITIES.find(({ accounts }) => accounts.includes(account))!;
  const response = await fetch(`${url}/auth/userpass`, {
    headers: {
      'X-Rucio-Account': account,
      'X-Rucio-Username': identity.username,
      'X-Rucio-Password': identity.password,
    },
  });
  const token = response.headers.get('X-Rucio-Auth-Token');
  if (token === null) throw new Error(`no token for ${account}: ${response.status}`);
  return token;
}

/** Makes a call and strips its answer of identifiers, dates, addresses and the order of rows. */
export async function answerTo(
  url: string,
  call: ContractCall,
  token: string | undefined,
): Promise<NormalAnswer> {
  const path = await withRuleIds(url, call.path);
  const response = await fetch(url + path, {
    method: call.method ?? (call.send === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { 'X-Rucio-Auth-Token': token }),
      ...call.headers,
    },
    ...(call.send === undefined
      ? {}
      : { body: typeof call.send === 'string' ? call.send : JSON.stringify(call.send) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: normalHeaders(response.headers, url, call),
    framing: response.headers.has('transfer-encoding') ? 'chunked' : 'sized',
    body: normalBody(text, response.headers.get('content-type') ?? '', url, call),
  };
}

async function withRuleIds(url: string, path: string): Promise<string> {
  const pattern = /\{rule ([^:}]+):([^ }]+)(?: @ ([^}]+))?\}/;
  const [written, scope, name = '', expression] = pattern.exec(path) ?? [];
  if (written === undefined) return path;
  const headers = { 'X-Rucio-Auth-Token': await tokenFor(url, 'root') };
  const address = `${url}/dids/${scope}/${encodeURIComponent(name)}/rules`;
  const text = await (await fetch(address, { headers })).text();
  const rules = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; rse_expression: string });
  const rule = rules.find((each) => expression === undefined || each.rse_expression === expression);
  if (rule === undefined) throw new Error(`no rule for ${written}`);
  return path.replace(written, rule.id);
}

function normalHeaders(
  headers: Headers,
  url: string,
  call: ContractCall,
): Readonly<Record<string, string>> {
  const kept = [...headers].filter(([name]) => !IGNORED_HEADERS.has(name));
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (name === 'exceptionmessage' && isLongMessage(headers, call)) return [name, '(message)'];
      if (name === 'x-rucio-auth-token') return [name, value.replace(/[0-9a-f]{32}$/, '(id)')];
      // An unordered set in Python.
      if (name === 'allow') return [name, value.split(', ').sort().join(', ')];
      return [name, normalText(value, url)];
    }),
  );
}

/** Rucio quotes the whole schema that an object does not meet. */
function isLongMessage(headers: Headers, call: ContractCall): boolean {
  return headers.get('exceptionclass') === 'InvalidObject' || call.loosely === 'text';
}

function normalBody(text: string, type: string, url: string, call: ContractCall): unknown {
  if (call.loosely === 'text') return '(text)';
  if (call.loosely === 'layout') return visibleText(text);
  // One answer of Rucio's has rows and claims to be a document.
  const labelledRows = /^\{.*\}\n\{/.test(text);
  if (type.startsWith('application/json') && !labelledRows) return normalValue(parse(text), url);
  if (type === 'application/octet-stream' && text.startsWith('{"')) {
    return normalValue(parse(text.replace(/\\n.*"}$/s, '"}')), url);
  }
  if (type === 'application/x-json-stream' || labelledRows) {
    const rows = text.split('\n').filter((line) => line !== '');
    if (call.loosely === 'choice') return `${rows.length} rows`;
    return rows.map((line) => JSON.stringify(normalValue(parse(line), url))).sort();
  }
  return normalText(text, url);
}

/** What a person reads on a page. */
export function visibleText(page: string): string {
  return page
    .replaceAll(/<!--[^]*?-->|<(style|title)>[^]*?<\/\1>|<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** JSON that may say `Infinity`, as a text that JSON never holds. */
function parse(text: string): unknown {
  return JSON.parse(text.replace(/(?<=[:[,] ?)Infinity/g, '"(infinity)"'));
}

function normalValue(value: unknown, url: string): unknown {
  if (typeof value === 'string') return normalText(value, url);
  if (Array.isArray(value)) return value.map((item) => normalValue(item, url));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      // A checksum looks like an identifier, but follows from the seed.
      key === 'md5' ? item : normalItem(key, item, url),
    ]),
  );
}

function normalItem(key: string, item: unknown, url: string): unknown {
  const value = normalValue(item, url);
  // An unordered set in Python.
  return key === 'resolved_rses' && Array.isArray(value) ? value.map(String).sort() : value;
}

function normalText(text: string, url: string): string {
  return text
    .replaceAll(url, '(server)')
    .replace(/\b[0-9a-f]{32}\b/g, '(id)')
    .replace(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d UTC/g, '(date)')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g, '(date)')
    .replace(/datetime\.datetime\([\d, ]+\)/g, '(date)');
}
