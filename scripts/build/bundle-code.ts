import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type BuildOptions, build } from 'esbuild';

/** What all programs share: one CommonJS file for Node 20, licences of the packages beside it. */
const COMMON: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  // Class names are part of error messages and logs.
  keepNames: true,
  sourcemap: false,
  legalComments: 'linked',
  define: { 'import.meta.dirname': '__dirname' },
  logLevel: 'warning',
};

/** `server/main.ts` as one file: what runs in the pod. */
export async function bundleServer(root: string, dist: string): Promise<void> {
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    outfile: join(dist, 'server.cjs'),
  });
}

/** `main.ts` as one file: the synth command. */
export async function bundleSynth(root: string, dist: string): Promise<void> {
  markAsCommonJs(dist);
  await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: ['main.ts'],
    banner: { js: '#!/usr/bin/env node' },
    outfile: join(dist, 'main.js'),
  });
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

/** The project is ESM; what is built is not. */
function markAsCommonJs(dist: string): void {
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
}
