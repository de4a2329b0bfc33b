import type { Container, EnvVar, ResourceRequirements } from './kubernetes-shapes';
import type { PodVolume } from './volumes';

/** What a runtime kind brings into the pod; everything else is the same for all kinds. */
export interface PodRuntime {
  /** Unset: the image's own entry point. */
  readonly command?: string[];
  readonly args: string[];
  readonly env: readonly EnvVar[];
  readonly volumes: readonly PodVolume[];
  readonly initContainers: readonly Container[];
  /** Path of the readiness probe; liveness is the same for all. */
  readonly readyPath: string;
  /** How long the first answer may take, in seconds. */
  readonly startSeconds: number;
  readonly resources: ResourceRequirements;
  /** Annotations of the Deployment that tell what runs in its pods. */
  readonly provenance: Readonly<Record<string, string>>;
  /** What the pod's checksum annotation tells apart. */
  readonly checksum: string;
}
