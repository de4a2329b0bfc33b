import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { App } from 'cdk8s';
import { parseAllDocuments } from 'yaml';

import { BUNDLE_MANIFEST_FILE, type Bundle, type BundleOrigin } from '../../lib/bundle/manifest';
import { packBundle, toManifest } from '../../lib/bundle/pack';
import { ServerChart } from '../../lib/charts/server';
import type { Manifest } from '../../lib/constructs/checks/manifest';
import { planFrom } from '../../lib/contract/plan';
import { DEFAULT_RELEASE, type Release } from '../../lib/contract/release';
import type { ValuesInput } from '../../lib/contract/values/values';

/** Where the bundles of tests come from. */
export const ORIGIN: BundleOrigin = { version: '1.2.3', sbomSha256: '5b'.repeat(32) };

/** The smallest values that synthesize: a robot with user name and password, behind an Ingress. */
export function validValues(): ValuesInput {
  return {
    auth: {
      mode: 'sharedSecret',
      sites: ['atlas'],
      sharedSecret: {
        authType: 'userpass',
        rucioAccount: 'robot',
        existingSecret: 'bearer',
        userpass: { existingSecret: 'rucio-robot' },
      },
    },
    ingress: { host: 'rucio-mcp.example.com' },
  };
}

/** A bundle of two chunks whose server says a word and ends. */
export function smallBundle(): Bundle {
  const server = Buffer.from("process.stdout.write('started ' + __filename);");
  return packBundle(server, ORIGIN, { maxChunkBytes: 30, quality: 5 });
}

/** The small bundle, as a build leaves one. */
export function writeSmallBundle(directory: string): void {
  const bundle = smallBundle();
  mkdirSync(directory, { recursive: true });
  for (const { file, content } of bundle.chunks) writeFileSync(join(directory, file), content);
  writeFileSync(join(directory, BUNDLE_MANIFEST_FILE), JSON.stringify(toManifest(bundle)));
}

export interface SynthOptions {
  readonly values?: unknown;
  readonly release?: Release;
  /** See `ReadOptions`. */
  readonly allowUnserved?: boolean;
}

/** The YAML of a deployment, by the chart itself. */
export function synthYaml(options: SynthOptions = {}): string {
  const { values = validValues(), release = DEFAULT_RELEASE, allowUnserved = false } = options;
  const plan = planFrom(values, release, { allowUnserved });
  const app = new App();
  new ServerChart(app, plan.fullName, { plan, bundle: smallBundle() });
  return app.synthYaml();
}

/** What the YAML says, as an API server would read it. */
export function synthManifests(options?: SynthOptions): Manifest[] {
  return parseAllDocuments(synthYaml(options)).map((document) => document.toJS() as Manifest);
}

/** The one object of a kind, or the one with that name. */
export function only(manifests: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = manifests.filter(
    (manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name),
  );
  if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind}`);
  return found[0]!;
}
