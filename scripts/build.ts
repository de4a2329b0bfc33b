import { existsSync } from 'node:fs';
import { join } from 'node:path';

import {
  bundleCommand,
  bundleDemo,
  bundleIdentityProvider,
  bundleServer,
  bundleSynth,
} from './build/bundle-code';
import { writeCodeCache } from './build/code-cache';
import { writeSupplyChain } from './build/supply-chain';
import { writeServerBundle } from './build/write-server-bundle';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

await bundleSynth(root, dist);
if (existsSync(join(root, 'scripts/start.ts'))) {
  await bundleDemo(root, dist);
  await bundleIdentityProvider(root, dist);
}
if (existsSync(join(root, 'server/main.ts'))) {
  await bundleServer(root, dist);
  await bundleCommand(root, dist);
  writeSupplyChain(root, dist);
  console.log(writeServerBundle(dist));
  writeCodeCache(root, dist);
} else {
  console.error('server/main.ts is missing: dist/ has no server, and synth can not work');
  process.exitCode = 1;
}
