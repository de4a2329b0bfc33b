/** What {@link SetScanner.until} found. */
export interface Scanned {
  readonly text: string;
  /** The character that ended it; `undefined` at the end of the argument. */
  readonly stop: string | undefined;
}

/** Reads one `--set` argument from left to right. */
export class SetScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get rest(): string {
    return this.#text.slice(this.#at);
  }

  /** The next character, which stays unread. */
  peek(): string | undefined {
    return this.#text[this.#at];
  }

  skip(count: number): void {
    this.#at += count;
  }

  /**
   * Reads up to one of the characters in `stops`, which is read too and not returned.
   *
   * @param escapes - whether a backslash is dropped and makes the next character an ordinary one
   */
  until(stops: string, escapes: boolean): Scanned {
    let text = '';
    while (this.#at < this.#text.length) {
      const next = this.#text.charAt(this.#at);
      this.#at += 1;
      if (stops.includes(next)) return { text, stop: next };
      if (next === '\\' && escapes) {
        text += this.#text.charAt(this.#at);
        this.#at += 1;
      } else {
        text += next;
      }
    }
    return { text, stop: undefined };
  }
}
