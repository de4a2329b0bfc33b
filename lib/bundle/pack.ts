import { createHash } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';

import {
  type Bundle,
  type BundleManifest,
  type BundleOrigin,
  MAX_CHUNKS,
  MAX_CHUNK_BYTES,
  chunkFile,
} from './manifest';

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** {@link packBundle} with settings that only tests change. */
export interface PackOptions {
  /** Most bytes of one chunk. @default MAX_CHUNK_BYTES */
  readonly maxChunkBytes?: number;
  /** Brotli quality, 0-11. @default 11 */
  readonly quality?: number;
}

/**
 * Compresses a server file and cuts it into chunks that fit into ConfigMaps. The same input gives
 * the same bytes with the same zlib.
 *
 * @throws {RangeError} when more than {@link MAX_CHUNKS} chunks are needed
 */
export function packBundle(
  server: Buffer,
  origin: BundleOrigin,
  options: PackOptions = {},
): Bundle {
  const size = options.maxChunkBytes ?? MAX_CHUNK_BYTES;
  const compressed = brotliCompressSync(server, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: options.quality ?? constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: server.length,
    },
  });
  const count = Math.ceil(compressed.length / size);
  if (count > MAX_CHUNKS) {
    throw new RangeError(
      `the compressed server has ${compressed.length} bytes and needs ${count} ConfigMaps, but ` +
        `${MAX_CHUNKS} is the most: make the server smaller, or ship it as an image`,
    );
  }
  const chunks = Array.from({ length: count }, (_, index) => {
    const content = compressed.subarray(index * size, (index + 1) * size);
    return { file: chunkFile(index), sha256: sha256(content), content };
  });
  return { ...origin, sha256: sha256(server), chunks };
}

export function toManifest(bundle: Bundle): BundleManifest {
  return {
    version: bundle.version,
    sha256: bundle.sha256,
    sbomSha256: bundle.sbomSha256,
    chunks: bundle.chunks.map(({ file, sha256: digest, content }) => ({
      file,
      sha256: digest,
      bytes: content.length,
    })),
  };
}
