import { ApiObject } from 'cdk8s';
import { IntOrString, KubeNetworkPolicy } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';

import { sha256 } from '../bundle/pack';
import { PATHS } from '../contract/endpoints';
import type { Plan } from '../contract/plan';
import type { ServerContext } from './context';
import { STOCK_NODE, serverImage } from './image';
import type { JobSpec, PodSpec } from './kubernetes-shapes';
import { objectLabels, selectorLabels } from './labels';
import { DNS_PORT } from './network/dns';
import { nonEmpty } from './non-empty';
import { serviceAccountName } from './pod-service-account';
import { createResource } from './resource';
import { containerSecurity, podSecurity } from './security';
import { suffixed } from './suffixed';

/** Asks the address that follows; everything but 200 is a failure. */
const SCRIPT =
  "fetch(process.argv[1],{signal:AbortSignal.timeout(10000)}).then(async(r)=>{if(r.status!==200)throw Error('HTTP '+r.status);console.log(await r.text())}).catch((e)=>{console.error(String(e.cause??e));process.exitCode=1})";

/** Digits of the digest in the Job's name. */
const NAME_DIGITS = 6;

/** Longest time of all tries, in seconds. */
const DEADLINE_SECONDS = 120;

/**
 * Labels of the pod of the test. The name is another one than the server's: a Service, a
 * NetworkPolicy or a budget of the server must never select it.
 */
export function smokeTestLabels(plan: Plan): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/name': 'smoke-test',
    'app.kubernetes.io/instance': plan.release.name,
    'app.kubernetes.io/component': 'smoke-test',
  };
}

export interface SmokeTestProps extends ServerContext {
  /** The Service that is asked. */
  readonly serviceName: string;
}

/** A Job that proves that the Service answers. It is deleted an hour after it ends. */
export class SmokeTest extends Construct {
  constructor(scope: Construct, id: string, props: SmokeTestProps) {
    super(scope, id);
    const { plan, bundle } = props;
    const labels = {
      ...objectLabels(plan, bundle.version, 'smoke-test'),
      ...smokeTestLabels(plan),
    };
    const spec: JobSpec = {
      backoffLimit: 3,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      ttlSecondsAfterFinished: 3600,
      template: { metadata: { labels }, spec: podSpec(props) },
    };
    // A Job can not be changed: another content is another Job.
    const digest = sha256(JSON.stringify(spec)).slice(0, NAME_DIGITS);
    createResource(this, 'job', ApiObject, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: suffixed(plan.fullName, `smoke-test-${digest}`), labels },
      spec,
    });
    if (plan.values.networkPolicy.enabled) this.policy(plan, labels);
  }

  /** Nobody calls the test, and it calls name servers and the server. */
  private policy(plan: Plan, labels: Readonly<Record<string, string>>): void {
    const port = (number: number, protocol: string) => ({
      port: IntOrString.fromNumber(number),
      protocol,
    });
    createResource(this, 'policy', KubeNetworkPolicy, {
      metadata: { name: suffixed(plan.fullName, 'smoke-test'), labels },
      spec: {
        podSelector: { matchLabels: smokeTestLabels(plan) },
        policyTypes: ['Ingress', 'Egress'],
        egress: [
          { ports: [port(DNS_PORT, 'UDP'), port(DNS_PORT, 'TCP')] },
          {
            to: [{ podSelector: { matchLabels: selectorLabels(plan) } }],
            ports: [port(plan.values.server.port, 'TCP')],
          },
        ],
      },
    });
  }
}

function podSpec({ plan, serviceName }: SmokeTestProps): PodSpec {
  const { values } = plan;
  const kind = values.runtime.kind;
  const url = `http://${serviceName}:${values.service.port}${PATHS.healthz}`;
  // The image of the Dockerfile has Node as its entry point; there is no Node in that of pixi.
  const isOwn = values.runtime.kind === 'image' && !values.runtime.volume;
  return {
    restartPolicy: 'Never',
    serviceAccountName: serviceAccountName(plan),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: podSecurity(values),
    containers: [
      {
        name: 'smoke-test',
        image: kind === 'pixi' ? STOCK_NODE : serverImage(plan),
        imagePullPolicy: values.image.pullPolicy,
        ...(isOwn ? {} : { command: ['node'] }),
        args: ['-e', SCRIPT, '--', url],
        resources: {
          requests: { cpu: '10m', memory: '64Mi', 'ephemeral-storage': '8Mi' },
          limits: { cpu: '200m', memory: '128Mi', 'ephemeral-storage': '16Mi' },
        },
        securityContext: containerSecurity(values),
      },
    ],
    ...nonEmpty('imagePullSecrets', values.imagePullSecrets),
  };
}
