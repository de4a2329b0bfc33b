import { matchesGlob } from '../../../server/tools/glob';

describe('matchesGlob', () => {
  // Expected: what Python 3.11's fnmatch.fnmatchcase answers.
  it.each([
    ['user.jdoe', 'user.*', true],
    ['user.jdoe', '*', true],
    ['', '*', true],
    ['', '', true],
    ['user.jdoe', 'user.jd?e', true],
    ['user.jde', 'user.jd?e', false],
    ['user.jdoe', 'User.*', false],
    ['userXjdoe', 'user.jdoe', false],
    ['mc20', 'mc[0-9]0', true],
    ['mcx0', 'mc[0-9]0', false],
    ['mcx0', 'mc[!0-9]0', true],
    ['mc20', 'mc[!0-9]0', false],
    ['a]b', 'a[]]b', true],
    ['axb', 'a[!]]b', true],
    ['a[b', 'a[b', true],
    ['a-b', 'a[x-]b', true],
    ['abcabc', '*abc', true],
    ['abcab', '*abc', false],
    ['abab', 'a*b*b', true],
    ['(x)+', '(x)+', true],
  ])('%j, %j: %s', (name, pattern, matches) => {
    expect(matchesGlob(name, pattern)).toBe(matches);
  });

  it('ends soon whatever the pattern', () => {
    expect(matchesGlob('a'.repeat(5000), `${'*a'.repeat(400)}b`)).toBe(false);
  });
});
