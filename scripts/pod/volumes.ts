import { join, posix } from 'node:path';

import { type VolumeFile, writeAtomically } from './atomic-directory';
import type { Files, Workload } from './manifests';
import { PodError } from './pod-error';
import type { Volume } from './pod-spec';

interface Source {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly items: readonly { key: string; path: string; mode?: number | undefined }[] | undefined;
  readonly optional: boolean;
}

interface Mounted {
  readonly volume: Volume;
  readonly directory: string;
}

/** The volumes of a pod, as directories below a root. */
export class Volumes {
  readonly #configMaps: Readonly<Record<string, Files>>;
  readonly #secrets: Record<string, Files>;
  readonly #mounted: readonly Mounted[];

  /** @throws {PodError} when a mount has no volume, or a volume no mount */
  constructor(workload: Workload, root: string) {
    this.#configMaps = workload.configMaps;
    this.#secrets = { ...workload.secrets };
    const { volumes, containers } = workload.pod;
    const { volumeMounts } = containers[0];
    this.#mounted = volumeMounts.map(({ name, mountPath }) => {
      const volume = volumes.find((candidate) => candidate.name === name);
      if (volume === undefined) throw new PodError(`there is no volume ${name} to mount`);
      return { volume, directory: join(root, mountPath) };
    });
  }

  /** @throws {PodError} when a ConfigMap, a Secret or a key of them is missing */
  async write(): Promise<void> {
    for (const mounted of this.#mounted) await this.#write(mounted);
  }

  /**
   * Replaces a Secret and swaps the files of the volumes that mount it.
   *
   * @throws {PodError} when no volume uses it or a key is missing; the old files then stay
   */
  async updateSecret(name: string, files: Files): Promise<void> {
    const users = this.#mounted.filter(({ volume }) =>
      sourcesOf(volume).some((source) => source.kind === 'Secret' && source.name === name),
    );
    if (users.length === 0) throw new PodError(`no volume of the pod uses a Secret ${name}`);
    const before = this.#secrets[name];
    this.#secrets[name] = files;
    try {
      users.forEach(({ volume }) => this.#filesOf(volume));
    } catch (error) {
      if (before !== undefined) this.#secrets[name] = before;
      throw error;
    }
    for (const mounted of users) await this.#write(mounted);
  }

  async #write({ volume, directory }: Mounted): Promise<void> {
    await writeAtomically(directory, this.#filesOf(volume));
  }

  #filesOf(volume: Volume): VolumeFile[] {
    const defaultMode = defaultModeOf(volume);
    return sourcesOf(volume).flatMap((source) => this.#filesFrom(source, volume.name, defaultMode));
  }

  #filesFrom(source: Source, volume: string, defaultMode: number): VolumeFile[] {
    const { kind, name, optional } = source;
    const content = (kind === 'Secret' ? this.#secrets : this.#configMaps)[name];
    if (content === undefined) {
      if (optional) return [];
      throw new PodError(`volume ${volume} needs the ${kind} ${name}, which nobody created`);
    }
    const items = source.items ?? Object.keys(content).map((key) => ({ key, path: key }));
    return items.flatMap(({ key, path, ...item }) => {
      const bytes = content[key];
      if (bytes === undefined) {
        if (optional) return [];
        throw new PodError(`volume ${volume} needs the key ${key} of the ${kind} ${name}`);
      }
      assertInside(path, volume);
      const mode = 'mode' in item ? item.mode : undefined;
      return [{ path, content: bytes, mode: mode ?? defaultMode }];
    });
  }
}

function assertInside(path: string, volume: string): void {
  if (posix.isAbsolute(path) || path.split('/').some((part) => part === '..' || part === '')) {
    throw new PodError(`volume ${volume} has the path "${path}", which is not below its mount`);
  }
}

function defaultModeOf(volume: Volume): number {
  if ('configMap' in volume) return volume.configMap.defaultMode;
  return 'secret' in volume ? volume.secret.defaultMode : volume.projected.defaultMode;
}

function sourcesOf(volume: Volume): Source[] {
  if ('configMap' in volume) return [source('ConfigMap', volume.configMap)];
  if ('secret' in volume) {
    const { secretName: name, ...rest } = volume.secret;
    return [source('Secret', { name, ...rest })];
  }
  return volume.projected.sources.map((part) =>
    'configMap' in part ? source('ConfigMap', part.configMap) : source('Secret', part.secret),
  );
}

function source(
  kind: Source['kind'],
  { name, items, optional = false }: Partial<Source> & { name: string },
): Source {
  return { kind, name, items, optional };
}
