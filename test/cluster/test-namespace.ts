import { randomBytes } from 'node:crypto';

import { cluster, reaches } from './cluster';
import { Kubectl } from './kubectl';

/** A namespace of the tests' own, which admits no pod that is not `restricted`. */
export interface TestNamespace {
  readonly kubectl: Kubectl;
  readonly name: string;
  /** Deletes it with all that is in it. */
  close(): Promise<void>;
}

const LEVEL = 'restricted';

/**
 * @param purpose - becomes a part of its name
 * @throws {KubectlFailed} when a namespace of that name exists: what is there already is never touched
 */
export async function createNamespace(purpose: string): Promise<TestNamespace> {
  const name = `rucio-mcp-test-${purpose}-${randomBytes(3).toString('hex')}`.slice(0, 63);
  const kubectl = new Kubectl(cluster().kubeconfig);
  // "create", not "apply": it fails where the namespace is not new.
  await kubectl.run(
    ['create', '-f', '-'],
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        labels: Object.fromEntries(
          ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, LEVEL]),
        ),
      },
    }),
  );
  return {
    name,
    kubectl: kubectl.in(name),
    close: async () => {
      // Without controllers a namespace stays in the state Terminating for ever.
      const wait = reaches('rollout') ? '--timeout=120s' : '--wait=false';
      await kubectl.run(['delete', 'namespace', name, wait]);
    },
  };
}
