import { type ContractCall, segment } from './call';

const MC = 'mc20_13TeV';
const SEARCH = `/dids/${MC}/dids/search`;

function search(query: string): string {
  return `${SEARCH}?${query}`;
}

function filtered(filters: string, type = 'container'): string {
  return search(`type=${type}&filters=${segment(filters)}`);
}

/** Searches for DIDs. */
export const SEARCH_CALLS: readonly ContractCall[] = [
  { title: 'everything in a scope', path: SEARCH, status: 200, rows: 28 },
  {
    title: 'containers by pattern',
    path: search('type=container&name=*700320*'),
    status: 200,
    rows: 3,
  },
  {
    title: 'a type in capitals',
    path: search('type=CONTAINER&name=*700320*'),
    status: 200,
    rows: 3,
  },
  {
    title: 'files by pattern',
    path: search('type=file&name=DAOD*0001.pool*'),
    status: 200,
    rows: 16,
  },
  {
    title: 'long rows',
    path: search('type=all&name=*700320*r13144*&long=True'),
    status: 200,
    rows: 2,
    body: { scope: MC, length: 12 },
  },
  {
    title: 'long rows of files',
    path: search('type=file&name=*36004612*&long=true'),
    status: 200,
    rows: 12,
    body: { did_type: 'FILE' },
  },
  {
    title: 'long rows of open collections',
    path: '/dids/user.jdoe/dids/search?type=collection&long=1',
    status: 200,
  },
  { title: 'a name that nothing has', path: search('type=all&name=nothing'), status: 200, rows: 0 },
  { title: 'an unknown scope', path: '/dids/nope/dids/search?name=*', status: 200, rows: 0 },
  {
    title: 'names with slashes',
    path: '/dids/user.jdoe/dids/search?type=all&name=*/*',
    status: 200,
    rows: 10,
  },
  {
    title: 'an underscore is no wildcard',
    path: search('type=container&name=mc20_13TeV.70032_*'),
    status: 200,
    rows: 0,
  },
  {
    title: 'an unknown type',
    path: search('type=bad'),
    status: 409,
    exceptionClass: 'UnsupportedOperation',
  },
  {
    title: 'a truth value that is none',
    path: search('long=yes'),
    status: 400,
    exceptionClass: 'TypeError',
  },
  {
    title: 'another truth value that is none',
    path: search('recursive=maybe'),
    status: 400,
    exceptionClass: 'TypeError',
  },
  {
    title: 'a limit',
    path: search('type=container&name=*&limit=2'),
    status: 200,
    rows: 2,
    loosely: 'choice',
  },
  {
    title: 'a limit of zero',
    path: search('type=container&name=*&limit=0'),
    status: 200,
    rows: 12,
  },
  {
    title: 'a limit that is no number',
    path: search('type=container&name=*&limit=x'),
    status: 200,
    rows: 12,
  },
  {
    title: 'the content of what is found',
    path: search('type=all&name=*700320*r13144*&recursive=True'),
    status: 200,
  },
  {
    title: 'the content of the type that is asked for',
    path: search('type=container&name=*700320*r13167*&recursive=True'),
    status: 200,
    rows: 1,
  },
  {
    title: 'what is found twice',
    path: `/dids/data22_13p6TeV/dids/search?type=container&name=*physics_Main*&recursive=True`,
    status: 200,
  },
  {
    title: 'a client that reads only JSON',
    path: SEARCH,
    headers: { Accept: 'application/json' },
    status: 406,
    exceptionClass: 'UnsupportedRequestedContentType',
  },
  {
    title: 'an unknown parameter',
    path: search('type=file&bogus=1'),
    status: 500,
    exceptionClass: 'InvalidMetadata',
  },
  { title: 'no token', path: SEARCH, as: 'nobody', status: 400, exceptionClass: 'ValueError' },
];

/** Filters, which are Python literals. */
export const FILTER_CALLS: readonly ContractCall[] = [
  { title: 'in Python', path: filtered("[{'name': '*700320*'}]"), status: 200, rows: 3 },
  { title: 'in JSON', path: filtered('[{"name": "*700320*"}]'), status: 200, rows: 3 },
  { title: 'one dictionary', path: filtered("{'name': '*700320*'}"), status: 200, rows: 3 },
  { title: 'a tuple', path: filtered("({'name': '*700320*'},)"), status: 200, rows: 3 },
  { title: 'percent signs', path: filtered("[{'name': '%700320%'}]"), status: 200, rows: 3 },
  { title: 'joined strings', path: filtered("[{'name': '*700' '320*'}]"), status: 200, rows: 3 },
  { title: 'escapes', path: filtered("[{'name': '*\\x37003\\u00320*'}]"), status: 200, rows: 3 },
  { title: 'no groups: every DID there is', path: filtered('[]'), status: 200 },
  { title: 'a length', path: filtered("[{'length': 24}]"), status: 200, rows: 4 },
  { title: 'a length as text', path: filtered("[{'length.gte': '20'}]"), status: 200, rows: 4 },
  { title: 'a size', path: filtered("[{'bytes.gt': 1e10}]"), status: 200, rows: 12 },
  { title: 'a size below', path: filtered("[{'bytes.lt': 1e10}]"), status: 200, rows: 0 },
  { title: 'no name', path: filtered("[{'name': None}]"), status: 200, rows: 0 },
  {
    title: 'a name that is a truth value',
    path: filtered("[{'name': True}]"),
    status: 200,
    rows: 0,
  },
  { title: 'a name that is a number', path: filtered("[{'name': 5}]"), status: 200, rows: 0 },
  { title: 'other names', path: filtered("[{'name.ne': '*7003*'}]"), status: 200, rows: 6 },
  { title: 'names after', path: filtered("[{'name.gt': 'mc20_13TeV.7'}]"), status: 200, rows: 6 },
  {
    title: 'metadata that nothing has',
    path: filtered("[{'run_number': 1}]"),
    status: 200,
    rows: 0,
  },
  { title: 'any metadata', path: filtered("[{'guid': '*'}]"), status: 200, rows: 12 },
  {
    title: 'since a date',
    path: filtered("[{'created_after': '2020-01-01 00:00:00'}]"),
    status: 200,
    rows: 12,
  },
  {
    title: 'until a date',
    path: filtered("[{'created_before': '2020-01-01T00:00:00'}]"),
    status: 200,
    rows: 0,
  },
  { title: 'a date that is none', path: filtered("[{'created_at': 'x'}]"), status: 200, rows: 0 },
  {
    title: 'alternatives with their own types',
    path: filtered(
      "[{'type': 'dataset', 'name': '*700320*'}, {'type': 'container', 'name': '*410470*'}]",
    ),
    status: 200,
    rows: 7,
  },
  {
    title: 'an unknown key',
    path: filtered("[{'name': '*', 'bogus': 1}]"),
    status: 500,
    exceptionClass: 'InvalidMetadata',
  },
  {
    title: 'a column that is no metadata',
    path: filtered("[{'is_open': True}]"),
    status: 500,
    exceptionClass: 'InvalidMetadata',
  },
  {
    title: 'the account',
    path: filtered("[{'account': 'prodsys'}]"),
    status: 500,
    exceptionClass: 'InvalidMetadata',
  },
  { title: 'an unknown operator', path: filtered("[{'length.zzz': 20}]"), status: 500 },
  {
    title: 'two operators',
    path: filtered("[{'length.gt.lt': 20}]"),
    status: 400,
    exceptionClass: 'DIDFilterSyntaxError',
  },
  {
    title: 'a wildcard with an order',
    path: filtered("[{'name.gt': 'x*'}]"),
    status: 400,
    exceptionClass: 'DIDFilterSyntaxError',
  },
  { title: 'a JSON truth value', path: filtered("[{'name': true}]"), status: 500, loosely: 'text' },
  { title: 'an open bracket', path: filtered("[{'name': 'a'"), status: 500, loosely: 'text' },
  { title: 'an open string', path: filtered("[{'name': 'a}]"), status: 500, loosely: 'text' },
  { title: 'code', path: filtered("__import__('os')"), status: 500, loosely: 'text' },
  { title: 'a sum', path: filtered("[{'name': 'x'}] + []"), status: 500, loosely: 'text' },
  { title: 'nothing', path: filtered(''), status: 500, loosely: 'text' },
  { title: 'a text', path: filtered("'text'"), status: 500 },
  { title: 'a number', path: filtered('5'), status: 500 },
  { title: 'a list of numbers', path: filtered('[1]'), status: 500 },
  { title: 'a list of texts', path: filtered("['a']"), status: 500 },
  { title: 'None', path: filtered('None'), status: 500 },
  { title: 'a key that is a number', path: filtered("[{1: 'a'}]"), status: 500 },
  {
    title: 'an unknown type in a group',
    path: filtered("[{'type': 'x'}]"),
    status: 409,
    exceptionClass: 'UnsupportedOperation',
  },
];
