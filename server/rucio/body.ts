import type { Readable } from 'node:stream';

/**
 * Reads a body as UTF-8 text.
 *
 * @returns the text, or `undefined` when it has more than `maxBytes`; the rest is then not read
 */
export async function readBounded(body: Readable, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const buffer = chunk as Buffer;
    bytes += buffer.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
