import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MAX_CHUNK_BYTES } from '../../../lib/bundle/manifest';
import { packBundle, sha256 } from '../../../lib/bundle/pack';
import { bundleServer } from '../../../scripts/build/bundle-code';
import {
  BUILD_INFO_FILE,
  SBOM_FILE,
  packagesOf,
  writeSupplyChain,
} from '../../../scripts/build/supply-chain';

const ROOT = join(__dirname, '../../..');
const SOURCES = ['lib', 'server', 'package.json', 'package-lock.json', 'tsconfig.base.json'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rucio-mcp-build-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function buildIn(root: string, dist: string) {
  await bundleServer(root, dist);
  writeSupplyChain(root, dist);
  const server = readFileSync(join(dist, 'server.cjs'));
  const sbomSha256 = sha256(readFileSync(join(dist, SBOM_FILE)));
  const info: unknown = JSON.parse(readFileSync(join(dist, BUILD_INFO_FILE), 'utf8'));
  // Quality 9: that brotli is deterministic does not depend on it, and 11 takes seconds. It packs less
  // tightly, and so needs more room.
  const options = { quality: 9, maxChunkBytes: 2 * MAX_CHUNK_BYTES };
  const { chunks } = packBundle(server, { version: '1', sbomSha256 }, options);
  return { server: sha256(server), sbomSha256, info, chunks: chunks.map(({ sha256: hex }) => hex) };
}

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Record<string, string> }>>;
}

/** Packages and all that they depend on: the build looks at some of which nothing is left in the end. */
function withDependencies(names: readonly string[]): ReadonlySet<string> {
  const { packages } = JSON.parse(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
  ) as Lockfile;
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {}).forEach(visit);
  };
  names.forEach(visit);
  return found;
}

/** The sources and the packages that become part of the server, as a clone has them after `npm ci`. */
function cloneTo(root: string): string {
  const sbom = readFileSync(join(ROOT, 'dist', SBOM_FILE), 'utf8');
  const names = withDependencies(packagesOf(sbom).map(({ name }) => name));
  for (const path of [...SOURCES, ...[...names].map((name) => join('node_modules', name))]) {
    // A package that lies inside of another one comes with it.
    if (!existsSync(join(ROOT, path))) continue;
    cpSync(join(ROOT, path), join(root, path), { recursive: true });
  }
  return root;
}

test('two builds in two folders, at two depths, give the same bytes', async () => {
  const [here, there] = [cloneTo(join(folder, 'a')), cloneTo(join(folder, 'b', 'deeper', 'c'))];
  const first = await buildIn(here, join(here, 'dist'));
  expect(await buildIn(there, join(there, 'dist'))).toEqual(first);
});
