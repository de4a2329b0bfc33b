import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import type { Plan } from '../contract/plan';
import type { ServerContext } from './context';
import { unknownPodFields } from './handed-on';
import type { DeploymentSpec, PodSpec } from './kubernetes-shapes';
import { objectLabels, selectorLabels } from './labels';
import { nonEmpty } from './non-empty';
import { serviceAccountName } from './pod-service-account';
import { createResource } from './resource';
import type { PodRuntime } from './pod-runtime';
import { podSecurity } from './security';
import { PRE_STOP_SECONDS, serverContainer } from './server-container';
import { type PodVolume, secretVolume } from './volumes';

/** Time between the end of draining and SIGKILL, in seconds. */
const GRACE_MARGIN_SECONDS = 10;

export interface ServerDeploymentProps extends ServerContext {
  readonly runtime: PodRuntime;
  /** Volumes that only other containers of the pod see. */
  readonly otherVolumes: readonly PodVolume[];
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
      metadata: {
        name: plan.fullName,
        labels: objectLabels(plan, bundle.version, 'server'),
        ...nonEmpty('annotations', { ...props.runtime.provenance }),
      },
      spec: deploymentSpec(props),
    });
  }
}

function deploymentSpec(props: ServerDeploymentProps): DeploymentSpec {
  const { plan, bundle } = props;
  const { values } = plan;
  return {
    ...(values.autoscaling.enabled ? {} : { replicas: values.replicaCount }),
    revisionHistoryLimit: 3,
    selector: { matchLabels: selectorLabels(plan) },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: {
        labels: { ...values.podLabels, ...objectLabels(plan, bundle.version, 'server') },
        annotations: { ...values.podAnnotations, 'checksum/config': props.runtime.checksum },
      },
      spec: podSpec(props),
    },
  };
}

function podSpec({ plan, runtime, otherVolumes }: ServerDeploymentProps): PodSpec {
  const { values } = plan;
  const isPixi = values.runtime.kind === 'pixi';
  // The Python server takes the bearer and passwords from variables: no file for them.
  const secrets = plan.secrets.filter(({ volume }) => !isPixi || volume === 'x509-creds');
  const volumes = [...runtime.volumes, ...secrets.map(secretVolume)];
  return {
    serviceAccountName: serviceAccountName(plan),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds:
      PRE_STOP_SECONDS + values.server.drainSeconds + GRACE_MARGIN_SECONDS,
    securityContext: podSecurity(values),
    ...nonEmpty('initContainers', [...runtime.initContainers]),
    containers: [
      serverContainer(plan, runtime, volumes),
      ...(values.extraContainers as unknown as PodSpec['containers']),
    ],
    volumes: [
      ...[...otherVolumes, ...volumes].map(({ volume }) => volume),
      ...(values.extraVolumes as unknown as PodSpec['volumes'] & object),
    ],
    ...nonEmpty('topologySpreadConstraints', topologySpread(plan)),
    ...nonEmpty('imagePullSecrets', values.imagePullSecrets),
    ...(values.priorityClassName === '' ? {} : { priorityClassName: values.priorityClassName }),
    ...nonEmpty('nodeSelector', values.nodeSelector),
    ...(nonEmpty('hostAliases', values.hostAliases) as Pick<PodSpec, 'hostAliases'>),
    ...(nonEmpty('dnsConfig', values.dnsConfig) as Pick<PodSpec, 'dnsConfig'>),
    ...(nonEmpty('tolerations', values.tolerations) as Pick<PodSpec, 'tolerations'>),
    ...(nonEmpty('affinity', values.affinity) as Pick<PodSpec, 'affinity'>),
  };
}

/** Pods of one version are spread over hosts and zones. */
function topologySpread(plan: Plan): PodSpec['topologySpreadConstraints'] & object {
  const { enabled, whenUnsatisfiable } = plan.values.topologySpread;
  if (!enabled) return [];
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable,
    labelSelector: { matchLabels: selectorLabels(plan) },
    matchLabelKeys: ['pod-template-hash'],
  }));
}
