import { z } from 'zod';

/** Most bytes of one chunk: with base64 and metadata it fits the annotation of `kubectl apply`. */
export const MAX_CHUNK_BYTES = 180 * 1024;

/**
 * Most chunks of a bundle. Beyond about 750 KiB an image is the better way.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/ (1 MiB an object)
 */
export const MAX_CHUNKS = 4;

/** Name of {@link BundleManifest} beside the chunks. */
export const BUNDLE_MANIFEST_FILE = 'manifest.json';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a bundle consists of; written by the build, read by the synth. */
export const BundleManifest = z.strictObject({
  /** Version of the server in the bundle. */
  version: z.string().min(1),
  /** Digest of the server file before compression. */
  sha256: Sha256,
  /** Digest of the server's bill of materials, CycloneDX JSON. */
  sbomSha256: Sha256,
  chunks: z
    .array(
      z.strictObject({
        file: z.string().regex(/^\d\d\.br$/),
        sha256: Sha256,
        bytes: z.int().min(1).max(MAX_CHUNK_BYTES),
      }),
    )
    .min(1)
    .max(MAX_CHUNKS),
});
export type BundleManifest = z.output<typeof BundleManifest>;

/** One piece of the compressed server. */
export interface BundleChunk {
  /** File name in the pod: `00.br`, `01.br`, ... */
  readonly file: string;
  /** Hexadecimal digest of {@link content}. */
  readonly sha256: string;
  readonly content: Buffer;
}

/** Annotations of the Deployment by which an operator finds what runs in its pods. */
export const PROVENANCE_ANNOTATIONS = {
  serverSha256: 'rucio-mcp/server-sha256',
  sbomSha256: 'rucio-mcp/sbom-sha256',
} as const;

/** Where a bundle comes from. */
export interface BundleOrigin {
  readonly version: string;
  /** Hexadecimal digest of the server's bill of materials. */
  readonly sbomSha256: string;
}

/** The server, compressed and cut into chunks. */
export interface Bundle extends BundleOrigin {
  /** Hexadecimal digest of the server file before compression. */
  readonly sha256: string;
  readonly chunks: readonly BundleChunk[];
}

/** The name of a chunk's file; names sort in the order of the chunks. */
export function chunkFile(index: number): string {
  return `${String(index).padStart(2, '0')}.br`;
}
