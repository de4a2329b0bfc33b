import { LOADER } from '../bundle/loader';
import { PROVENANCE_ANNOTATIONS } from '../bundle/manifest';
import { ENVIRONMENT, MOUNTS, PATHS, SERVER_DOCUMENT_FILE } from '../contract/endpoints';
import { rucioVariables, serveArguments } from '../contract/serve-arguments';
import { CHART_RESOURCES } from '../contract/values/workload';
import type { ServerContext } from './context';
import { ownImage } from './image';
import type { EnvVar, ResourceRequirements } from './kubernetes-shapes';
import type { PodRuntime } from './pod-runtime';
import { textQuantities } from './quantities';
import type { MountedChunk } from './server-bundle';
import type { ServerConfig } from './server-config';
import { type PodVolume, bundleVolume, configVolume, imageVolume } from './volumes';

/** The file of the server in the image that the Dockerfile makes. */
const IMAGE_FILE = '/app/server.cjs';

/**
 * Measured on 26 November 2026 with `npm run bench:load` and 10,000 idle connections, on Node 20 and 24
 * (docs/performance.md). Resident are 110 MiB after the start, up to 185 MiB with 200 users at once, and
 * up to 100 MiB more with the connections: the request is what many users need, and the limit leaves
 * room for all of it together. Node takes half of the limit as the bound of its heap. A call costs
 * about 2.2 ms of CPU: the request carries 45 calls a second, the limit 450. Logs are
 * all that the container writes.
 */
const RESOURCES: ResourceRequirements = {
  requests: { cpu: '100m', memory: '192Mi', 'ephemeral-storage': '16Mi' },
  limits: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '64Mi' },
};

/** Our server from ConfigMaps: a stock Node runs the loader, without a shell. */
export function bundleRuntime(
  context: ServerContext,
  config: ServerConfig,
  chunks: readonly MountedChunk[],
): PodRuntime {
  const { plan, bundle } = context;
  return nodeRuntime(context, config, {
    command: ['node'],
    // "--" ends Node's own options: what follows is for the server.
    args: ['-e', LOADER, '--', ...serveArguments(plan)],
    env: [
      { name: ENVIRONMENT.bundleDir, value: MOUNTS.bundle },
      { name: ENVIRONMENT.bundleSha256, value: bundle.sha256 },
      { name: ENVIRONMENT.bundleChunks, value: String(bundle.chunks.length) },
    ],
    volumes: [bundleVolume(chunks)],
    provenance: {
      [PROVENANCE_ANNOTATIONS.serverSha256]: bundle.sha256,
      [PROVENANCE_ANNOTATIONS.sbomSha256]: bundle.sbomSha256,
    },
  });
}

/** Our server from an image: its entry point is Node, or a stock Node sees it as a volume. */
export function imageRuntime(context: ServerContext, config: ServerConfig): PodRuntime {
  const { plan } = context;
  const { runtime, image } = plan.values;
  if (runtime.kind !== 'image' || !runtime.volume) {
    const args = [IMAGE_FILE, ...serveArguments(plan)];
    return nodeRuntime(context, config, { args, env: [], volumes: [], provenance: {} });
  }
  const volume = imageVolume(ownImage(plan), image.pullPolicy);
  return nodeRuntime(context, config, {
    command: ['node'],
    args: [`${volume.mount.mountPath}${IMAGE_FILE}`, ...serveArguments(plan)],
    env: [],
    volumes: [volume],
    provenance: {},
  });
}

interface Parts {
  readonly command?: string[];
  readonly args: string[];
  readonly env: readonly EnvVar[];
  readonly volumes: readonly PodVolume[];
  readonly provenance: PodRuntime['provenance'];
}

function nodeRuntime({ plan }: ServerContext, config: ServerConfig, parts: Parts): PodRuntime {
  const given = textQuantities(plan.values.resources);
  const isDefault = JSON.stringify(given) === JSON.stringify(CHART_RESOURCES);
  return {
    ...parts,
    env: [
      { name: ENVIRONMENT.config, value: `${MOUNTS.config}/${SERVER_DOCUMENT_FILE}` },
      ...parts.env,
      ...rucioVariables(plan),
    ],
    volumes: [configVolume(config.configMapName), ...parts.volumes],
    initContainers: [],
    readyPath: PATHS.readyz,
    startSeconds: 60,
    resources: isDefault ? RESOURCES : given,
    checksum: config.checksum,
  };
}
