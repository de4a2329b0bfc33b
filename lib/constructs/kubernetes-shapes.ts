import type {
  V1Container,
  V1DeploymentSpec,
  V1EnvVar,
  V1JobSpec,
  V1PodSpec,
  V1Probe,
  V1ResourceRequirements,
  V1SecurityContext,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';

/** The fields of a class of the Kubernetes client, as a plain object that YAML can hold. */
type Shape<T> = T extends readonly (infer Item)[]
  ? Shape<Item>[]
  : T extends Date
    ? T
    : T extends object
      ? { [K in keyof T]: Shape<T[K]> }
      : T;

/**
 * Objects that are written as they are, by the current OpenAPI model: generated classes of an older
 * model would drop newer fields.
 */
export type Container = Shape<V1Container>;
export type DeploymentSpec = Shape<V1DeploymentSpec>;
export type EnvVar = Shape<V1EnvVar>;
export type JobSpec = Shape<V1JobSpec>;
export type PodSpec = Shape<V1PodSpec>;
export type Probe = Shape<V1Probe>;
export type ResourceRequirements = Shape<V1ResourceRequirements>;
export type SecurityContext = Shape<V1SecurityContext>;
export type Volume = Shape<V1Volume>;
export type VolumeMount = Shape<V1VolumeMount>;
