import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { sha256 } from '../../lib/bundle/pack';
import { VERSION } from '../../lib/contract/version';

/** Name of the server's bill of materials in `dist/`: CycloneDX 1.6, JSON. */
export const SBOM_FILE = 'server.cdx.json';
/** The licences of all that is in the server, with their texts. */
export const LICENSES_FILE = 'THIRD_PARTY_LICENSES.txt';
/** What was built from what. */
export const BUILD_INFO_FILE = 'build-info.json';

/**
 * Licences (SPDX) under which a package may be part of the server: those that ask for no more than
 * their text beside it, which {@link LICENSES_FILE} is.
 */
export const ALLOWED_LICENSES: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
];

/** The parts of a CycloneDX document that are read here. */
const Sbom = z.object({
  components: z.array(
    z.object({
      group: z.string().optional(),
      name: z.string(),
      version: z.string(),
      licenses: z
        .array(
          z.object({
            license: z
              .object({ id: z.string().optional(), name: z.string().optional() })
              .optional(),
            expression: z.string().optional(),
          }),
        )
        .default([]),
      evidence: z
        .object({
          licenses: z
            .array(
              z.object({
                license: z.object({
                  text: z.object({ content: z.string(), encoding: z.string().optional() }),
                }),
              }),
            )
            .default([]),
        })
        .optional(),
    }),
  ),
});

/** A package in the server. */
export interface BundledPackage {
  /** With its scope. */
  readonly name: string;
  readonly version: string;
  /** SPDX identifiers or expressions that its `package.json` declares. */
  readonly licenses: readonly string[];
  /** The licence files it ships. */
  readonly texts: readonly string[];
}

/** The packages of a CycloneDX document, by name. */
export function packagesOf(sbom: string): BundledPackage[] {
  return Sbom.parse(JSON.parse(sbom)).components.map(
    ({ group, name, version, licenses, evidence }) => ({
      name: group === undefined ? name : `${group}/${name}`,
      version,
      licenses: licenses.map(
        ({ license, expression }) => license?.id ?? license?.name ?? expression ?? '',
      ),
      texts: (evidence?.licenses ?? []).map(({ license: { text } }) =>
        text.encoding === 'base64'
          ? Buffer.from(text.content, 'base64').toString('utf8')
          : text.content,
      ),
    }),
  );
}

/** The packages that may not be part of the server, each with the reason. */
export function refusedLicenses(packages: readonly BundledPackage[]): string[] {
  return packages.flatMap(({ name, version, licenses }) => {
    if (licenses.length === 0) return [`${name} ${version} declares no licence`];
    const refused = licenses.filter((license) => !ALLOWED_LICENSES.includes(license));
    return refused.map((license) => `${name} ${version}: ${license} is not an allowed licence`);
  });
}

/** The text that has to go with the server. */
export function licenseReport(packages: readonly BundledPackage[]): string {
  const parts = packages.map(({ name, version, licenses, texts }) => {
    const title = `${name} ${version} (${licenses.join(', ')})`;
    const body = texts.length > 0 ? texts : ['(The package ships no licence file.)'];
    return [title, '-'.repeat(title.length), '', ...body.map((text) => text.trim())].join('\n');
  });
  const head = `${packages.length} packages are part of the server. Their licences:`;
  return `${[head, ...parts].join('\n\n\n')}\n`;
}

/**
 * Writes the licence report and the build info beside the server's bill of materials.
 *
 * @throws {Error} when a package has a licence that is not allowed
 */
export function writeSupplyChain(root: string, dist: string): void {
  const sbom = readFileSync(join(dist, SBOM_FILE), 'utf8');
  const packages = packagesOf(sbom);
  const refused = refusedLicenses(packages);
  if (refused.length > 0) {
    throw new Error(`the server can not be shipped:\n${refused.join('\n')}`);
  }
  const report = licenseReport(packages);
  writeFileSync(join(dist, LICENSES_FILE), report);
  const info = {
    version: VERSION,
    // Not in a manifest: it would change with every commit, also where the server is the same.
    revision: cleanRevision(root),
    builtWith: { node: process.version, brotli: process.versions['brotli'] },
    files: {
      'server.cjs': sha256(readFileSync(join(dist, 'server.cjs'))),
      [SBOM_FILE]: sha256(sbom),
      [LICENSES_FILE]: sha256(report),
    },
  };
  writeFileSync(join(dist, BUILD_INFO_FILE), `${JSON.stringify(info, null, 2)}\n`);
}

/** The commit that was built; `null` without git, or where files differ from that commit. */
function cleanRevision(root: string): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    return git('status', '--porcelain').trim() === '' ? git('rev-parse', 'HEAD').trim() : null;
  } catch {
    return null;
  }
}
