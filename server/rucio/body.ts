import type { Readable } from 'node:stream';

/** Larger bodies are cheaper to cut off than to read, in bytes. */
const MAX_DISCARDED_BYTES = 65_536;

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

/**
 * Reads a body that nobody needs, so that its connection can be used again. Never throws: what is
 * needed of such an answer is in its head.
 */
export async function discard(body: Readable): Promise<void> {
  await readBounded(body, MAX_DISCARDED_BYTES).catch(() => undefined);
}
