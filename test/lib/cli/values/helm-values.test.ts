import { type ValuesSources, helmValues } from '../../../../lib/cli/values/helm-values';
import { readYamlValues } from '../../../../lib/cli/values/yaml-values';
import { RICH } from './rich-chart';

type Case = [what: string, sources: ValuesSources, expected: unknown];

const without: Case[] = [
  ['a leading zero', { set: ['x=0123'] }, { x: '0123' }],
  ['a fraction', { set: ['x=1.5'] }, { x: '1.5' }],
  ['a list', { set: ['x={1.5,true,null,0123}'] }, { x: ['1.5', true, null, '0123'] }],
  ['an empty list', { set: ['x={}'] }, { x: [''] }],
  ['spaces and quotes in a list', { set: ['x={ a, "b" }'] }, { x: [' a', ' "b" '] }],
  ['escaped dots', { set: ['a.b\\.c/d=x'] }, { a: { 'b.c/d': 'x' } }],
  ['escaped commas', { set: ['x=a\\,b\\,c,y=1'] }, { x: 'a,b,c', y: 1 }],
  ['an escape is gone before the type is seen', { set: ['x=\\null'] }, { x: null }],
  ['a backslash at the end', { set: ['x=a\\'] }, { x: 'a' }],
  ['an index', { set: ['x[1]=b'] }, { x: [null, 'b'] }],
  ['indices in indices', { set: ['x[0][1].a=1'] }, { x: [[null, { a: 1 }]] }],
  ['an index without a value', { set: ['x[0]'] }, { x: [] }],
  ['an empty value in a list item is lost at the end', { set: ['x[0].a='] }, { x: [] }],
  ['signs', { set: ['a=+5,b=-05,c=-0,d=0'] }, { a: 5, b: -5, c: 0, d: 0 }],
  ['64 bits', { set: ['a=9223372036854775808'] }, { a: '9223372036854775808' }],
  ['words in any case', { set: ['a=TRUE,b=False,c=NULL'] }, { a: true, b: false, c: null }],
  ['what only YAML types', { set: ['a=yes,b=~,c=1e3,d=0x1'] }, words('yes', '~', '1e3', '0x1')],
  ['empty keys', { set: ['=1', '.a=1', '[0]=1'] }, {}],
  ['a comma at the end', { set: ['x=1,'] }, { x: 1 }],
  ['an empty value', { set: ['x=', 'y=,z=1'] }, { x: '', y: '', z: 1 }],
  ['text', { setString: ['x={true,null}', 'y=1'] }, { x: ['true', 'null'], y: '1' }],
  ['text wins over types', { setString: ['x=string'], set: ['x=set'] }, { x: 'string' }],
  ['literals', { setLiteral: ['x=a,b\\{}', 'y.z[1]= '] }, { x: 'a,b\\{}', y: { z: [null, ' '] } }],
  ['JSON', { setJson: ['x={"a":[1,"}"]} ,y=1e3,z='] }, { x: { a: [1, '}'] }, y: 1000, z: null }],
  ['JSON at an index', { setJson: ['x[1]=true'] }, { x: [null, true] }],
  ['null where there is no default', { set: ['a.b=null'] }, { a: { b: null } }],
];

function words(a: string, b: string, c: string, d: string): unknown {
  return { a, b, c, d };
}

test.each(without)('without defaults: %s', (_, sources, expected) => {
  expect(helmValues({}, sources)).toEqual(expected);
});

const rich: Case[] = [
  ['an index does not see the default list', { set: ['list[1]=z'] }, { list: [null, 'z'] }],
  ['null takes a default away', { set: ['map.b=null'] }, { map: { a: 1 } }],
  [
    'JSON maps are merged with the defaults',
    { setJson: ['map={"z":9}'] },
    { map: { ...RICH.map, z: 9 } },
  ],
  [
    'a later file brings back what an earlier one took away',
    { files: [{ map: null }, { map: { z: 1 } }] },
    { map: { ...RICH.map, z: 1 } },
  ],
  [
    'an index sees the list of a file',
    { files: [{ list: ['x', 'y'] }], set: ['list[1]=z'] },
    { list: ['x', 'z'] },
  ],
  ['lists are replaced', { files: [{ objs: [{ id: 'r' }] }] }, { objs: [{ id: 'r' }] }],
  ['a scalar wins over a map', { set: ['map=1'] }, { map: 1 }],
  ['a map wins over a scalar', { set: ['str.a=1'] }, { str: { a: 1 } }],
];

test.each(rich)('over defaults: %s', (_, sources, expected) => {
  expect(helmValues(RICH, sources)).toEqual({ ...RICH, ...(expected as object) });
});

test('null at the top takes the key away', () => {
  const { map: _, ...rest } = RICH;
  expect(helmValues(RICH, { set: ['map=null'] })).toEqual(rest);
});

test.each([
  [['a=1', 'a.b=2'], '--set no. 2: "a" is a number already, so it can not be a map too'],
  [['a=1,a[0]=2'], '--set: "a" is a number already, so it can not be a list too'],
  [['a'], '--set: "a" has no value'],
  [['a.=1'], '--set: "a" has no value'],
  [['a,b=1'], '--set: "a" has no value'],
  [['a=1,,b=2'], '--set: there is nothing between two commas'],
  [['a={b'], "--set: a list that starts with '{' must end with '}'"],
  [['a={{b},c}'], '--set: "c}" has no value'],
  [['a[=x'], '--set: the index of "a" has no "]"'],
  [['a[x]=1'], '--set: the index of "a" is not a whole number'],
  [['a[-1]=1'], '--set: the index of "a" is negative'],
  [['a[65537]=1'], '--set: the index of "a[65537]" is over 65536, which is the most'],
  [['a[0]b=1'], '--set: "=", "." or "[" must follow "a[0]"'],
  [[`${'a.'.repeat(31)}b=1`], '--set: a name has more than 30 levels'],
  [[`a${'[0]'.repeat(3000)}=1`], 'the values can not be used: it is nested too deeply'],
])('refuses %.40j', (set, message) => {
  expect(() => helmValues({}, { set })).toThrow(new Error(message));
});

test.each(['x=a', 'x=01', 'x={"a":1', 'x={a:1}', 'x=1.', 'x="a', 'x=1e999', 'x=tru', '{"a":1}'])(
  '--set-json refuses %s',
  (argument) => {
    expect(() => helmValues({}, { setJson: [argument] })).toThrow(/^--set-json: /);
  },
);

test('all arguments without a meaning are told at once, and none is shown', () => {
  const sources = { set: ['secret', 'a=1'], setJson: ['b=secret'], setLiteral: ['c'] };
  expect(() => helmValues({}, sources)).toThrow(
    new Error(
      '--set-json: the value is not JSON: texts need double quotes, and so do keys\n' +
        '--set no. 1: "secret" has no value\n' +
        '--set-literal: "c" has no value',
    ),
  );
});

test('files: what is written is a name, in a list too', () => {
  const readFile = (name: string) => `text of ${name}`;
  expect(helmValues({}, { setFile: ['a=x,b={y,z}'] }, { readFile })).toEqual({
    a: 'text of x',
    b: ['text of y', 'text of z'],
  });
});

test('neither defaults nor files are changed', () => {
  const file = { map: { a: [1] } };
  const defaults = structuredClone(RICH);
  helmValues(defaults, { files: [file], set: ['map.a[0]=2', 'objs[0].id=z', 'list=null'] });
  expect(file).toEqual({ map: { a: [1] } });
  expect(defaults).toEqual(RICH);
});

test('two keys that a file gives one map are changed one by one', () => {
  const file = readYamlValues(Buffer.from('a: &x {b: 1}\nc: *x\n'), 'f').values;
  expect(helmValues({}, { files: [file], set: ['a.b=2'] })).toEqual({ a: { b: 2 }, c: { b: 1 } });
});

test('no argument reaches a prototype', () => {
  const values = helmValues({}, { set: ['__proto__.polluted=true', 'constructor.prototype.p=1'] });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(({} as Record<string, unknown>)['p']).toBeUndefined();
  expect(Object.keys(values)).toEqual(['__proto__', 'constructor']);
});
