/**
 * Control characters, line and paragraph separators, and the characters that reorder or hide text.
 *
 * @see https://www.unicode.org/reports/tr9/ (explicit bidirectional formatting)
 */
export const UNSAFE_CHARACTERS =
  /[\p{Cc}\u00AD\u061C\u115F\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/gu;

/** A character by its number, `\u{1B}`. */
export function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}

/**
 * Lines of text of somebody else's, for a terminal: nothing in them moves its cursor, changes its
 * colours or its title, or reorders what is read. Ends of lines stay.
 */
export function visibleLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(UNSAFE_CHARACTERS, escapeCharacter))
    .join('\n');
}

/** The same for text that is one line: ends of lines are escaped as well. */
export function visibleLine(text: string): string {
  return text.replace(UNSAFE_CHARACTERS, escapeCharacter);
}
