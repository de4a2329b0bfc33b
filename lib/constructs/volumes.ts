import { MOUNTS, SERVER_DOCUMENT_FILE } from '../contract/endpoints';
import type { SecretMount } from '../contract/plan';
import type { Volume, VolumeMount } from './kubernetes-shapes';
import type { MountedChunk } from './server-bundle';

/** Readable by the owner and the pod's group; decimal, since YAML readers disagree about octal. */
const SECRET_MODE = 0o440;
const CONFIG_MODE = 0o444;

/** A volume and where the container sees it. */
export interface PodVolume {
  readonly volume: Volume;
  readonly mount: VolumeMount;
}

export function configVolume(configMap: string): PodVolume {
  return {
    volume: {
      name: 'config',
      configMap: {
        name: configMap,
        defaultMode: CONFIG_MODE,
        items: [{ key: SERVER_DOCUMENT_FILE, path: SERVER_DOCUMENT_FILE }],
      },
    },
    mount: { name: 'config', mountPath: MOUNTS.config, readOnly: true },
  };
}

export function bundleVolume(chunks: readonly MountedChunk[]): PodVolume {
  return {
    volume: {
      name: 'bundle',
      projected: {
        defaultMode: CONFIG_MODE,
        sources: chunks.map(({ configMap, file }) => ({
          configMap: { name: configMap, items: [{ key: file, path: file }] },
        })),
      },
    },
    mount: { name: 'bundle', mountPath: MOUNTS.bundle, readOnly: true },
  };
}

/** The image that the Dockerfile makes, as files. Needs Kubernetes 1.35, or the feature switched on. */
export function imageVolume(
  reference: string,
  pullPolicy: string,
): PodVolume & { readonly mount: { readonly mountPath: string } } {
  return {
    volume: { name: 'server', image: { reference, pullPolicy } },
    mount: { name: 'server', mountPath: MOUNTS.image, readOnly: true },
  };
}

/** What pixi installs from. */
export function pixiVolume(configMap: string, files: readonly string[]): PodVolume {
  return {
    volume: {
      name: 'pixi-config',
      configMap: {
        name: configMap,
        defaultMode: CONFIG_MODE,
        items: files.map((file) => ({ key: file, path: file })),
      },
    },
    mount: { name: 'pixi-config', mountPath: '/pixi-config' },
  };
}

/** A directory of the pod's own that may be written to, up to a size. */
export function emptyVolume(name: string, mountPath: string, sizeLimit: string): PodVolume {
  return { volume: { name, emptyDir: { sizeLimit } }, mount: { name, mountPath } };
}

/** Only the named keys: what else the Secret holds is none of the pod's business. */
export function secretVolume({ volume, secret, directory, keys }: SecretMount): PodVolume {
  return {
    volume: {
      name: volume,
      secret: {
        secretName: secret,
        defaultMode: SECRET_MODE,
        ...(keys.length === 0 ? {} : { items: keys.map((key) => ({ key, path: key })) }),
      },
    },
    mount: { name: volume, mountPath: directory, readOnly: true },
  };
}
