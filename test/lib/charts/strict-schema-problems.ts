import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import type { Manifest } from '../../../lib/constructs/checks/manifest';

/**
 * Complaints of Kubernetes' own model, and of the definitions of custom resources, about fields and
 * types. Kinds that neither knows are complained about as well.
 */
export function strictSchemaProblems(manifests: readonly Manifest[]): unknown {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, 'strict-schema.mjs')],
    { input: JSON.stringify(manifests), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
}
