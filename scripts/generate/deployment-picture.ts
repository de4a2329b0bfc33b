import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { packBundle } from '../../lib/bundle/pack';
import { deploymentModel } from '../../lib/cli/deployment/deployment-model';
import { svg } from '../../lib/cli/graph/svg';
import { synthesize } from '../../lib/cli/synthesize';
import { planFrom } from '../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../lib/contract/release';
import { VERSION } from '../../lib/contract/version';

/** The picture of an example, for the README. What the server's code is shows nowhere in it. */
export function deploymentPicture(root: string): string {
  const values: unknown = parse(readFileSync(join(root, 'examples/oidc-replicas.yaml'), 'utf8'));
  const plan = planFrom(values, DEFAULT_RELEASE);
  const bundle = packBundle(Buffer.from('server'), { version: VERSION, sbomSha256: '' });
  const [manifests = []] = synthesize([{ id: plan.fullName, plan }], bundle);
  return svg(deploymentModel(plan, manifests));
}
