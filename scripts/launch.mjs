// Starts what the build made, or says how to make it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '..', 'dist');
const programs = ['main.js', 'start.js', 'identity-provider.mjs', 'bundle/manifest.json'].map(
  (file) => join(dist, file),
);

if (programs.every(existsSync)) {
  await import('../dist/start.js');
} else {
  console.error('Nothing is built yet. Run this first:\n\n  npm run build\n');
  process.exitCode = 1;
}
