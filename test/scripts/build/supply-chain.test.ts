import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

import { sha256 } from '../../../lib/bundle/pack';
import {
  ALLOWED_LICENSES,
  BUILD_INFO_FILE,
  LICENSES_FILE,
  SBOM_FILE,
  licenseReport,
  packagesOf,
  refusedLicenses,
} from '../../../scripts/build/supply-chain';

const ROOT = join(__dirname, '../../..');
const built = (file: string) => readFileSync(join(ROOT, 'dist', file), 'utf8');

/** A bill of materials with one package. */
function sbomWith(component: object): string {
  return JSON.stringify({ components: [{ name: 'left', version: '1.0.0', ...component }] });
}

describe('the bill of materials of the built server', () => {
  test('is valid CycloneDX 1.6', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(built(SBOM_FILE))).toBeNull();
  });

  test('lists what the server is made of, in the versions of the lockfile', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string }>;
    };
    const locked = new Set(
      Object.entries(packages).map(
        ([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`,
      ),
    );
    const listed = packagesOf(built(SBOM_FILE)).map(({ name, version }) => `${name}@${version}`);
    expect(listed.filter((entry) => !locked.has(entry))).toEqual([]);
    for (const name of ['fastify', 'jose', 'prom-client', '@modelcontextprotocol/server']) {
      expect(listed.filter((entry) => entry.startsWith(`${name}@`))).toHaveLength(1);
    }
  });

  test('names no package that only builds, tests or synthesizes', () => {
    const names = packagesOf(built(SBOM_FILE)).map(({ name }) => name);
    expect(
      names.filter((name) => /^(cdk8s|constructs|esbuild|jest|typescript)/.test(name)),
    ).toEqual([]);
  });

  test('has allowed licences only', () => {
    expect(refusedLicenses(packagesOf(built(SBOM_FILE)))).toEqual([]);
  });
});

test('the licence report has every package with its text', () => {
  const packages = packagesOf(built(SBOM_FILE));
  const report = built(LICENSES_FILE);
  expect(report).toBe(licenseReport(packages));
  for (const { name, version, texts } of packages) {
    expect(report).toContain(`${name} ${version} (`);
    for (const text of texts) expect(report).toContain(text.trim());
  }
});

test('the build info has the digests of what was built', () => {
  const { files } = JSON.parse(built(BUILD_INFO_FILE)) as { files: Record<string, string> };
  expect(Object.keys(files).sort()).toEqual([LICENSES_FILE, SBOM_FILE, 'server.cjs'].sort());
  for (const [file, digest] of Object.entries(files)) expect(sha256(built(file))).toBe(digest);
});

describe('the licence policy', () => {
  test.each(ALLOWED_LICENSES)('allows %s', (id) => {
    expect(refusedLicenses(packagesOf(sbomWith({ licenses: [{ license: { id } }] })))).toEqual([]);
  });

  test.each([
    ['a copyleft licence', [{ license: { id: 'AGPL-3.0-only' } }], /AGPL-3\.0-only is not/],
    ['a licence by name', [{ license: { name: 'SEE LICENSE' } }], /SEE LICENSE is not/],
    ['an expression', [{ expression: '(MIT OR GPL-2.0)' }], /\(MIT OR GPL-2\.0\) is not/],
    ['one of two', [{ license: { id: 'MIT' } }, { license: { id: 'SSPL-1.0' } }], /SSPL-1\.0 is/],
    ['no licence', [], /left 1\.0\.0 declares no licence/],
  ])('refuses %s', (_what, licenses, problem) => {
    const refused = refusedLicenses(packagesOf(sbomWith({ licenses })));
    expect(refused).toEqual([expect.stringMatching(problem)]);
  });
});
