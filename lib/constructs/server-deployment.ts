import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import type { ServerContext } from './context';
import { unknownPodFields } from './handed-on';
import type { DeploymentSpec, PodSpec } from './kubernetes-shapes';
import { objectLabels, selectorLabels } from './labels';
import { nonEmpty } from './non-empty';
import { serviceAccountName } from './pod-service-account';
import { createResource } from './resource';
import type { MountedChunk } from './server-bundle';
import { PRE_STOP_SECONDS, serverContainer } from './server-container';
import { bundleVolume, configVolume, secretVolume } from './volumes';

/** User and group of the process: not root, and not an account of a usual image. */
const UID = 65_532;

/** Time between the end of draining and SIGKILL, in seconds. */
const GRACE_MARGIN_SECONDS = 10;

export interface ServerDeploymentProps extends ServerContext {
  readonly configMapName: string;
  readonly configChecksum: string;
  readonly chunks: readonly MountedChunk[];
}

/**
 * The Deployment. Written as a plain object: the generated class of Kubernetes 1.28 does not know
 * `preStop.sleep`, which needs Kubernetes 1.30.
 */
export class ServerDeployment extends Construct {
  constructor(scope: Construct, id: string, props: ServerDeploymentProps) {
    super(scope, id);
    const { plan, bundle } = props;
    this.node.addValidation({ validate: () => unknownPodFields(plan.values) });
    createResource(this, 'deployment', ApiObject, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: plan.fullName, labels: objectLabels(plan, bundle.version, 'server') },
      spec: deploymentSpec(props),
    });
  }
}

function deploymentSpec(props: ServerDeploymentProps): DeploymentSpec {
  const { plan, bundle } = props;
  const { values } = plan;
  return {
    replicas: values.replicaCount,
    revisionHistoryLimit: 3,
    selector: { matchLabels: selectorLabels(plan) },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: {
        labels: { ...values.podLabels, ...objectLabels(plan, bundle.version, 'server') },
        annotations: { ...values.podAnnotations, 'checksum/config': props.configChecksum },
      },
      spec: podSpec(props),
    },
  };
}

function podSpec(props: ServerDeploymentProps): PodSpec {
  const { plan } = props;
  const { values } = plan;
  const volumes = [
    configVolume(props.configMapName),
    bundleVolume(props.chunks),
    ...plan.secrets.map(secretVolume),
  ];
  return {
    serviceAccountName: serviceAccountName(plan),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds:
      PRE_STOP_SECONDS + values.server.drainSeconds + GRACE_MARGIN_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: UID,
      runAsGroup: UID,
      fsGroup: UID,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
      ...values.podSecurityContext,
    },
    containers: [serverContainer(props, volumes)],
    volumes: volumes.map(({ volume }) => volume),
    topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(
      (topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: selectorLabels(plan) },
        matchLabelKeys: ['pod-template-hash'],
      }),
    ),
    ...nonEmpty('imagePullSecrets', values.imagePullSecrets),
    ...nonEmpty('nodeSelector', values.nodeSelector),
    ...(nonEmpty('tolerations', values.tolerations) as Pick<PodSpec, 'tolerations'>),
    ...(nonEmpty('affinity', values.affinity) as Pick<PodSpec, 'affinity'>),
  };
}
