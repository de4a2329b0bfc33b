/**
 * Whether a name matches a shell pattern as Python's `fnmatchcase` has it: `*`, `?`, `[abc]`,
 * `[!a-z]`. Takes time in proportion to the lengths, whatever the pattern.
 *
 * @see https://docs.python.org/3/library/fnmatch.html
 */
export function matchesGlob(name: string, pattern: string): boolean {
  const tokens = tokensOf(pattern);
  let at = 0;
  let token = 0;
  // Where the last star stood, and how far it has reached.
  let star = -1;
  let reached = 0;
  while (at < name.length) {
    const current = tokens[token];
    if (current === '*') {
      star = token;
      reached = at;
      token += 1;
    } else if (current !== undefined && current(name.charAt(at))) {
      at += 1;
      token += 1;
    } else if (star >= 0) {
      reached += 1;
      at = reached;
      token = star + 1;
    } else return false;
  }
  while (tokens[token] === '*') token += 1;
  return token === tokens.length;
}

type Token = '*' | ((character: string) => boolean);

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') tokens.push('*');
    else if (character === '?') tokens.push(() => true);
    else {
      // A bracket right after the opening one is a member; one without an end is a character.
      const end =
        character === '[' ? pattern.indexOf(']', at + (negated(pattern, at) ? 3 : 2)) : -1;
      if (end > 0) {
        tokens.push(setOf(pattern.slice(at + 1, end)));
        at = end;
      } else tokens.push((other) => other === character);
    }
  }
  return tokens;
}

function negated(pattern: string, at: number): boolean {
  return pattern.charAt(at + 1) === '!';
}

function setOf(text: string): (character: string) => boolean {
  const isNegated = text.startsWith('!');
  const members = isNegated ? text.slice(1) : text;
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < members.length; at += 1) {
    const from = members.charAt(at);
    if (members.charAt(at + 1) === '-' && at + 2 < members.length) {
      ranges.push([from, members.charAt(at + 2)]);
      at += 2;
    } else ranges.push([from, from]);
  }
  return (character) =>
    ranges.some(([from, to]) => character >= from && character <= to) !== isNegated;
}
