import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { ensureConformanceSuite } from './conformance-suite';
import { ensurePythonServer } from './ensure-python-server';
import { findCommand } from './find-command';
import { ensureKerberos } from './kerberos/ensure-kerberos';
import { ensureKubeLinters } from './kube-linters/ensure-kube-linters';
import { ensureRealRucio } from './real-rucio/ensure-real-rucio';
import { newestOf } from './real-rucio/versions';
import {
  PROVISIONS_VARIABLE,
  type Provision,
  type Provisions,
  REQUIREMENTS,
  type Requirement,
  requirementsOf,
} from './requirements';
import { findSimpleSamlPhp } from './rucio-saml/find-simplesamlphp';

/** The part of jest's global configuration that says which test files are selected. */
interface Selection {
  readonly rootDir: string;
  readonly runTestsByPath: boolean;
  readonly nonFlagArgs: readonly string[];
  readonly testPathPatterns: {
    toExecutor(options: { rootDir: string }): { isMatch(path: string): boolean };
  };
}

const LAST_WITH_SAML = newestOf(40);
/** What Rucio needs for SAML: a helper, and the library with what it is made of. */
const SAML_PACKAGES = [
  `rucio-webui==${LAST_WITH_SAML}`,
  'python3-saml==1.16.0',
  'isodate==0.7.2',
  'lxml==6.1.3',
  'xmlsec==1.3.17',
];

type Installer = (cache: string) => Promise<string>;

const INSTALLERS: Record<Requirement, Installer> = {
  'real-rucio': (cache) => ensureRealRucio(cache),
  'real-rucio-35': (cache) => ensureRealRucio(cache, newestOf(35)),
  'real-rucio-38': (cache) => ensureRealRucio(cache, newestOf(38)),
  'real-rucio-saml': (cache) => ensureRealRucio(cache, LAST_WITH_SAML, SAML_PACKAGES),
  conformance: ensureConformanceSuite,
  'python-server': ensurePythonServer,
  'kube-linters': ensureKubeLinters,
  redis: () => findCommand(['redis-server', 'valkey-server'], 'redis-server'),
  chromium: () => findCommand(['chromium', 'chromium-browser', 'google-chrome'], 'chromium'),
  simplesamlphp: findSimpleSamlPhp,
  prometheus: () => findCommand(['prometheus'], 'prometheus'),
  kerberos: ensureKerberos,
};

/** Provides what the selected test files need beyond Node, and tells the test processes where. */
async function globalSetup(selection: Selection): Promise<void> {
  const needed = neededRequirements(selection);
  const cache = join(selection.rootDir, '.cache');
  const entries = await Promise.all(
    needed.map(async (requirement): Promise<[Requirement, Provision]> => [
      requirement,
      await provide(INSTALLERS[requirement], cache),
    ]),
  );
  for (const [requirement, provision] of entries) {
    if ('reason' in provision) {
      process.stderr.write(`Tests that need ${requirement} can not run: ${provision.reason}\n`);
    }
  }
  const provisions: Provisions = Object.fromEntries(entries);
  process.env[PROVISIONS_VARIABLE] = JSON.stringify(provisions);
}

async function provide(install: Installer, cache: string): Promise<Provision> {
  try {
    return { path: await install(cache) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The requirements of the selected test files, in the order of {@link REQUIREMENTS}. */
export function neededRequirements(selection: Selection): Requirement[] {
  const files = selectedFiles(selection);
  return REQUIREMENTS.filter((requirement) =>
    files.some((file) => requirementsOf(file).includes(requirement)),
  );
}

function selectedFiles({ rootDir, runTestsByPath, ...selection }: Selection): string[] {
  if (runTestsByPath) return selection.nonFlagArgs.map((file) => resolve(rootDir, file));
  const executor = selection.testPathPatterns.toExecutor({ rootDir });
  const tests = join(rootDir, 'test');
  return readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .map((file) => join(tests, file))
    .filter((file) => executor.isMatch(file));
}

// Jest wants the default export.
export { globalSetup as default };
