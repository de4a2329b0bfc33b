/** Defaults of a chart that has every kind of value. */
export const RICH = {
  str: 'text',
  num: 1,
  flag: true,
  list: ['a', 'b', 'c'],
  objs: [
    { id: 'p', v: 1 },
    { id: 'q', v: 2 },
  ],
  map: { a: 1, b: { c: 2, d: 3 } },
  emptymap: {},
  emptylist: [],
  'dotted.key': 'd',
};
