import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { cluster } from './cluster';

async function globalTeardown(): Promise<void> {
  await rm(dirname(cluster().kubeconfig), { recursive: true, force: true });
}

// Jest wants the default export.
export { globalTeardown as default };
