import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { BUNDLE_MANIFEST_FILE, type BundleOrigin } from '../../lib/bundle/manifest';
import { packBundle, sha256, toManifest } from '../../lib/bundle/pack';
import { readBundle } from '../../lib/bundle/read';
import { VERSION } from '../../lib/contract/version';
import { SBOM_FILE } from './supply-chain';

/**
 * Compresses `server.cjs` into the chunks that the manifests carry. Compression takes seconds, so
 * it is left out while the chunks of the same server are there.
 *
 * @returns one line that says what was done
 */
export function writeServerBundle(dist: string): string {
  const server = readFileSync(join(dist, 'server.cjs'));
  const directory = join(dist, 'bundle');
  const origin = { version: VERSION, sbomSha256: sha256(readFileSync(join(dist, SBOM_FILE))) };
  if (isCurrent(directory, sha256(server), origin)) return `${directory} is up to date`;
  const bundle = packBundle(server, origin);
  // Beside the old one first: a synth that runs meanwhile finds one or the other, and no half.
  const staging = mkdtempSync(join(dist, '.bundle-'));
  for (const { file, content } of bundle.chunks) writeFileSync(join(staging, file), content);
  const manifest = `${JSON.stringify(toManifest(bundle), null, 2)}\n`;
  writeFileSync(join(staging, BUNDLE_MANIFEST_FILE), manifest);
  chmodSync(staging, 0o755);
  rmSync(directory, { recursive: true, force: true });
  renameSync(staging, directory);
  const bytes = bundle.chunks.reduce((sum, { content }) => sum + content.length, 0);
  return `${directory}: ${server.length} bytes as ${bundle.chunks.length} chunks, ${bytes} bytes`;
}

function isCurrent(directory: string, digest: string, origin: BundleOrigin): boolean {
  try {
    const bundle = readBundle(directory);
    return (
      bundle.sha256 === digest &&
      bundle.version === origin.version &&
      bundle.sbomSha256 === origin.sbomSha256
    );
  } catch {
    return false;
  }
}
