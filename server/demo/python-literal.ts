import { UnhandledFailure } from './failure';

/** A value that Python's `ast.literal_eval` can make; dictionaries are maps. */
export type Literal = null | boolean | number | string | Literal[] | Map<Literal, Literal>;

const NAMES: Readonly<Record<string, Literal>> = { None: null, True: true, False: false };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

/**
 * Reads the part of Python's literals that queries are written in: text, numbers, `None`, `True`,
 * `False`, lists, tuples and dictionaries.
 *
 * @throws {UnhandledFailure} as Rucio, which does not catch a malformed one
 */
export function parseLiteral(text: string): Literal {
  const reader = new Reader(text.replace(/^[ \t]+/, ''));
  const value = reader.value();
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): Literal {
    this.#space();
    const char = this.#text.charAt(this.#at);
    if (char === '[') return this.#list(']');
    if (char === '(') return this.#tuple();
    if (char === '{') return this.#dictionary();
    if (char === "'" || char === '"') return this.#strings();
    const number = this.#take(/[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (number !== undefined) return Number(number);
    const name = this.#take(/[A-Za-z_]\w*/y);
    if (name === undefined) throw syntaxError();
    const value = NAMES[name];
    if (value === undefined) {
      throw new UnhandledFailure(
        'malformed node or string on line 1: <ast.Name object at 0x7f0000000000>',
      );
    }
    return value;
  }

  end(): void {
    this.#space();
    if (this.#at === this.#text.length) return;
    if (/[+*/(.]/.test(this.#text.charAt(this.#at))) {
      throw new UnhandledFailure(
        'malformed node or string on line 1: <ast.Call object at 0x7f0000000000>',
      );
    }
    throw syntaxError();
  }

  #list(close: string): Literal[] {
    this.#at += 1;
    const items: Literal[] = [];
    while (!this.#skip(close)) {
      items.push(this.value());
      if (!this.#skip(',') && !this.#peek(close)) throw syntaxError();
    }
    return items;
  }

  /** Parentheses around one value are only parentheses. */
  #tuple(): Literal {
    const start = this.#at;
    const items = this.#list(')');
    const [only] = items;
    const comma = /,\s*\)$/.test(this.#text.slice(start, this.#at));
    return items.length === 1 && !comma && only !== undefined ? only : items;
  }

  #dictionary(): Map<Literal, Literal> {
    this.#at += 1;
    const entries = new Map<Literal, Literal>();
    while (!this.#skip('}')) {
      const key = this.value();
      if (!this.#skip(':')) throw syntaxError();
      entries.set(key, this.value());
      if (!this.#skip(',') && !this.#peek('}')) throw syntaxError();
    }
    return entries;
  }

  /** Strings beside each other are one string. */
  #strings(): string {
    let text = '';
    while (this.#peek("'") || this.#peek('"')) text += this.#string();
    return text;
  }

  #string(): string {
    const quote = this.#text.charAt(this.#at);
    this.#at += 1;
    let text = '';
    for (;;) {
      const char = this.#text.charAt(this.#at);
      if (char === '' || char === '\n') throw syntaxError();
      this.#at += 1;
      if (char === quote) return text;
      text += char === '\\' ? this.#escape() : char;
    }
  }

  #escape(): string {
    const code = this.#take(/x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}/y);
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const char = this.#text.charAt(this.#at);
    this.#at += 1;
    if ('\'"\\'.includes(char)) return char;
    return ESCAPES[char] ?? `\\${char}`;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #peek(char: string): boolean {
    this.#space();
    return this.#text.charAt(this.#at) === char;
  }

  #skip(char: string): boolean {
    const found = this.#peek(char);
    if (found) this.#at += 1;
    return found;
  }

  #space(): void {
    this.#take(/\s*/y);
  }
}

function syntaxError(): UnhandledFailure {
  return new UnhandledFailure('invalid syntax (<unknown>, line 1)');
}
