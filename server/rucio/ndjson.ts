import type { Readable } from 'node:stream';

import { parseJson } from './json';

/** Longest line, in characters. A file with hundreds of replicas has about 200,000. */
const MAX_LINE = 4_194_304;

/** A row stream that can not be trusted to be complete. Its message continues "Rucio (site x) …". */
export class BrokenStreamError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrokenStreamError';
  }
}

/**
 * The rows of a newline-delimited JSON body, read only as fast as they are taken; those that arrived
 * together come together, since a turn of the event loop for each row costs more than its JSON.
 * Ending the iteration early destroys the body and with it the connection.
 *
 * @throws {BrokenStreamError} when a line is not JSON or longer than 4 Mi characters, behind the rows
 *   before it; what the body itself throws (a closed connection, a time-out) comes through as it is
 */
export async function* parseNdjson(
  body: Readable,
  maxLineLength = MAX_LINE,
): AsyncGenerator<Generator, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const text = decoder.decode(chunk as Buffer, { stream: true });
    const lines = text.split('\n');
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineLength) throw tooLong(maxLineLength);
    yield parseLines(lines, maxLineLength, false);
  }
  yield parseLines([rest + decoder.decode()], maxLineLength, true);
}

function* parseLines(lines: readonly string[], maxLineLength: number, isLast: boolean): Generator {
  for (const line of lines) {
    if (line.length > maxLineLength) throw tooLong(maxLineLength);
    if (line.trim() !== '') yield parseLine(line, isLast);
  }
}

function tooLong(maxLineLength: number): BrokenStreamError {
  return new BrokenStreamError(`sent a line of more than ${maxLineLength} characters`);
}

function parseLine(line: string, isLast: boolean): unknown {
  try {
    return parseJson(line);
  } catch (error) {
    const problem = isLast
      ? 'sent an answer that is cut off in its last line'
      : 'sent an answer that is not the JSON that it should be';
    throw new BrokenStreamError(problem, { cause: error });
  }
}
