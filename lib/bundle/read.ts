import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { BUNDLE_MANIFEST_FILE, type Bundle, BundleManifest } from './manifest';
import { sha256 } from './pack';

/** The bundle that the build made is missing or damaged. */
export class BundleError extends Error {
  readonly code = 'BUNDLE_INVALID';

  constructor(what: string, cause?: unknown) {
    super(`${what}\nnext: run "npm run build"`, { cause });
    this.name = 'BundleError';
  }
}

/**
 * Reads a bundle and checks every chunk against its manifest.
 *
 * @param directory - where the build put it
 * @throws {BundleError} when a file is missing or is not what the manifest says
 */
export function readBundle(directory: string): Bundle {
  const manifest = readManifest(join(directory, BUNDLE_MANIFEST_FILE));
  const chunks = manifest.chunks.map(({ file, sha256: expected }) => {
    const content = read(join(directory, file));
    if (sha256(content) !== expected) {
      throw new BundleError(`${join(directory, file)} is not the file that the build wrote`);
    }
    return { file, sha256: expected, content };
  });
  const { version, sha256: digest, sbomSha256 } = manifest;
  return { version, sha256: digest, sbomSha256, chunks };
}

function readManifest(path: string): BundleManifest {
  const text = read(path).toString('utf8');
  try {
    return BundleManifest.parse(JSON.parse(text));
  } catch (error) {
    throw new BundleError(`${path} is not a bundle manifest`, error);
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new BundleError(`the server bundle is incomplete: can not read ${path}`, error);
  }
}
