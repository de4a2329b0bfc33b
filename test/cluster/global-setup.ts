import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findCommand } from '../support/find-command';
import { type Cluster, CLUSTER_VARIABLE, type Level, SETTINGS } from './cluster';
import { Kubectl } from './kubectl';

interface Config {
  readonly 'current-context'?: string;
  readonly contexts?: readonly { readonly name: string; readonly context: object }[];
  readonly clusters?: readonly { readonly cluster: { readonly server: string } }[];
}

/** Finds the cluster, and refuses before anything is made where it is not clear which one is meant. */
async function globalSetup(): Promise<void> {
  await findCommand(['kubectl'], 'kubernetes-client').catch(() =>
    refuse('kubectl is not on PATH: https://kubernetes.io/docs/tasks/tools/'),
  );
  await findCommand(['openssl'], 'openssl').catch(() => refuse('openssl is not on PATH'));
  if ((process.env[SETTINGS.kubeconfig] ?? '') === '') {
    refuse(
      `${SETTINGS.kubeconfig} is not set. These tests create and delete namespaces, so the cluster ` +
        `has to be named: ${SETTINGS.kubeconfig}=$HOME/.kube/config npm run test:cluster`,
    );
  }
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-cluster-'));
  try {
    const found = await findCluster(join(directory, 'kubeconfig'));
    process.env[CLUSTER_VARIABLE] = JSON.stringify(found);
    process.stderr.write(
      `Cluster: context "${found.context}", ${found.server}, Kubernetes ${found.version}; ` +
        `${WHAT_RUNS[found.level]}${found.hasServiceMonitors ? '' : '; no ServiceMonitors'}\n`,
    );
  } catch (error) {
    await rm(directory, { recursive: true });
    throw error;
  }
}

const WHAT_RUNS: Record<Level, string> = {
  objects: 'no nodes: objects are applied, and nothing runs',
  rollout: 'nodes that pretend: Deployments roll out, and nothing runs',
  pods: 'pods run',
};

function refuse(why: string): never {
  throw new Error(`npm run test:cluster can not run: ${why}`);
}

async function findCluster(kubeconfig: string): Promise<Cluster> {
  const wanted = process.env[SETTINGS.context] ?? '';
  const own = new Kubectl(process.env[SETTINGS.kubeconfig] ?? '');
  const { stdout: text } = await own
    .run([
      ...['config', 'view', '--minify', '--flatten', '--raw', '--output=json'],
      ...(wanted === '' ? [] : [`--context=${wanted}`]),
    ])
    .catch((error: unknown) => refuse(String(error)));
  await writeFile(kubeconfig, text, { mode: 0o600 });
  const config = JSON.parse(text) as Config;
  const kubectl = new Kubectl(kubeconfig);
  const version = await kubectl
    .json<{ gitVersion: string }>(['get', '--raw=/version'])
    .catch((error: unknown) => refuse(`the API server does not answer: ${String(error)}`));
  return {
    kubeconfig,
    context: config['current-context'] ?? '',
    server: config.clusters?.[0]?.cluster.server ?? '',
    version: version.gitVersion,
    level: await levelOf(kubectl),
    hasServiceMonitors: await kubectl.has('crd', 'servicemonitors.monitoring.coreos.com'),
  };
}

interface Node {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: { readonly conditions?: readonly { type: string; status: string }[] };
}

async function levelOf(kubectl: Kubectl): Promise<Level> {
  const { items } = await kubectl.json<{ items: readonly Node[] }>(['get', 'nodes', '-o', 'json']);
  const ready = items.filter(
    ({ spec, status }) =>
      spec.unschedulable !== true &&
      status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
  if (ready.length === 0) return 'objects';
  const pretends = (node: Node) => node.metadata.annotations?.['kwok.x-k8s.io/node'] !== undefined;
  return ready.every(pretends) ? 'rollout' : 'pods';
}

// Jest wants the default export.
export { globalSetup as default };
