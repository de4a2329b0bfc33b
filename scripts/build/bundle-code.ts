import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import { type BuildOptions, type Plugin, build, transform } from 'esbuild';

import { COMMAND_FILE, writeCommandLoader } from './code-cache';
import { SBOM_FILE } from './supply-chain';

/** zod carries its messages in 40 languages, a quarter of its size; ours are in one. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: (bundler) => {
    bundler.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

/**
 * OpenTelemetry in its form of ES modules, of which only what is used is bundled: a fifth of what its
 * CommonJS form takes.
 */
const leanTelemetry: Plugin = {
  name: 'lean-telemetry',
  setup: (bundler) => {
    bundler.onResolve({ filter: /^@opentelemetry\/[a-z-]+$/ }, async ({ path, ...origin }) => {
      if (origin.pluginData === leanTelemetry) return undefined;
      const found = await bundler.resolve(path, { ...origin, pluginData: leanTelemetry });
      const folder = found.path.slice(0, found.path.indexOf(path) + path.length);
      const text = await readFile(join(folder, 'package.json'), 'utf8');
      const { module } = JSON.parse(text) as { readonly module?: string };
      return module === undefined ? found : { ...found, path: join(folder, module) };
    });
  },
};

/**
 * Keeps the names of our constructs, which `explain` shows. To keep all names of a bundle costs
 * each start a call for every function of it.
 */
const constructNames: Plugin = {
  name: 'construct-names',
  setup: (bundler) => {
    bundler.onLoad({ filter: /[\\/]lib[\\/](constructs|charts)[\\/].*\.ts$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        loader: 'ts',
        target: 'node20',
        keepNames: true,
        sourcefile: basename(path),
      });
      return { contents: code, loader: 'js' };
    });
  },
};

/** Lists the packages that are really in the bundle, with their licence texts (CycloneDX). */
const billOfMaterials = cyclonedxEsbuildPlugin({
  specVersion: '1.6',
  outputFile: SBOM_FILE,
  gatherLicenseTexts: true,
  outputReproducible: true,
  validate: true,
  logLevel: 'warning',
});

/** What all programs share: one CommonJS file for Node 20, licences of the packages beside it. */
const COMMON: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifyWhitespace: true,
  minifySyntax: true,
  // Names are part of logs and stacks. Kept by `keepNames`, each cost a call whenever its function was made.
  minifyIdentifiers: false,
  // Names of modules are kept as well: they may not tell where `node_modules` really is.
  preserveSymlinks: true,
  sourcemap: false,
  legalComments: 'linked',
  define: { 'import.meta.dirname': '__dirname' },
  logLevel: 'warning',
  plugins: [oneLanguage],
};

/** `server/main.ts` as one file, which is what runs in the pod, and the list of what is in it. */
export async function bundleServer(root: string, dist: string): Promise<void> {
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    outfile: join(dist, 'server.cjs'),
    plugins: [oneLanguage, leanTelemetry, billOfMaterials],
  });
}

/** `main.ts` as one file, and the loader that runs it: the synth command. */
export async function bundleSynth(root: string, dist: string): Promise<void> {
  markAsCommonJs(dist);
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: ['main.ts'],
    minifyIdentifiers: true,
    plugins: [oneLanguage, constructNames],
    outfile: join(dist, COMMAND_FILE),
  });
  writeCommandLoader(root, dist);
}

/** `server/cli/main.ts` as one file: the command for local use. */
export async function bundleCommand(root: string, dist: string): Promise<void> {
  markAsCommonJs(dist);
  const outfile = join(dist, 'rucio-mcp.js');
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: ['server/cli/main.ts'],
    outfile,
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(outfile, 0o755);
}

/** `scripts/start.ts` as one file: the demo of `npm start`. */
export async function bundleDemo(root: string, dist: string): Promise<void> {
  markAsCommonJs(dist);
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: ['scripts/start.ts'],
    outfile: join(dist, 'start.js'),
  });
}

/**
 * The identity provider of the demo, as one file beside the packages that it is made of: they are
 * modules that can not be bundled into CommonJS, and no part of what is deployed.
 */
export async function bundleIdentityProvider(root: string, dist: string): Promise<void> {
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: ['scripts/demo/identity-provider/main.ts'],
    format: 'esm',
    packages: 'external',
    define: {},
    minifyWhitespace: false,
    minifySyntax: false,
    outfile: join(dist, 'identity-provider.mjs'),
  });
}

/** The project is ESM; what is built is not. */
function markAsCommonJs(dist: string): void {
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
}
