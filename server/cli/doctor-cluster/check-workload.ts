import { createHash } from 'node:crypto';

import { VERSION } from '../../../lib/contract/version';
import { type ClusterFinding, findingsOf } from './finding';
import { type LiveDeployment, variable } from './live-deployment';
import { type Deployment, Event, type Pod, Quota, listOf } from './objects';

/** Whether the controller has brought the pods to what the Deployment says. */
export function checkRollout({ deployment, namespace }: LiveDeployment): ClusterFinding[] {
  const { ok, warning, problem } = findingsOf('rollout');
  const { metadata, spec, status } = deployment;
  const about = `${status.availableReplicas} of ${spec.replicas} pods are available`;
  const watch = `kubectl -n ${namespace} rollout status deploy/${metadata.name}`;
  const failure = status.conditions.find((one) => one.type === 'ReplicaFailure');
  if (failure?.status === 'True') {
    return [problem(`pods are refused: ${failure.message}`, remedyOfRefusal(failure.message))];
  }
  if (spec.paused) {
    return [
      warning(
        `${about}, and the rollout is paused`,
        `kubectl rollout resume deploy/${metadata.name}`,
      ),
    ];
  }
  if (spec.replicas === 0) {
    return [
      problem(
        'it is scaled to no pods',
        `kubectl -n ${namespace} scale deploy/${metadata.name} --replicas=1`,
      ),
    ];
  }
  const progress = status.conditions.find((one) => one.type === 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    return [
      problem(
        `${about}, and the rollout is stuck`,
        `see the pods below; or go back: kubectl -n ${namespace} rollout undo deploy/${metadata.name}`,
      ),
    ];
  }
  if (status.availableReplicas === 0) return [problem(about, `see the pods below, and: ${watch}`)];
  if (!isSettled(deployment)) return [warning(`${about}, and the rollout goes on`, watch)];
  return [ok(about)];
}

function isSettled({ metadata, spec, status }: Deployment): boolean {
  return (
    status.observedGeneration >= metadata.generation &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    status.availableReplicas === spec.replicas
  );
}

function remedyOfRefusal(message: string): string {
  if (message.includes('quota'))
    return 'ask for a larger quota, or lower resources or replicaCount';
  if (message.includes('PodSecurity')) {
    return "leave out what you added to the pod (podSecurityContext, extraVolumes ...), or change the namespace's level";
  }
  return 'change what the message names';
}

/** What a container that does not start waits for, and how to mend it. */
const WAITING: Readonly<Record<string, string>> = {
  ImagePullBackOff: 'check image.repository and image.digest, imagePullSecrets and the registry',
  ErrImagePull: 'check image.repository and image.digest, imagePullSecrets and the registry',
  InvalidImageName: 'mend image.repository and image.tag',
  ErrImageNeverPull: 'load the image onto the nodes, or change image.pullPolicy',
  CrashLoopBackOff: 'its log tells what is wrong: kubectl logs --previous POD',
  CreateContainerConfigError: 'create the Secret or ConfigMap that the message names',
  CreateContainerError: 'kubectl describe the pod',
  RunContainerError: 'kubectl describe the pod',
};

/** What keeps pods from running, and what has ended them before. */
export async function checkPods({ pods, kubectl }: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, problem } = findingsOf('pods');
  if (pods.length === 0) return [problem('there are none', 'see the rollout')];
  const found = pods.flatMap(troublesOf);
  const stuck = pods.filter(({ status }) => status.phase === 'Pending');
  const events = stuck.length === 0 ? [] : await warningsOf(stuck, kubectl);
  const all = [...found, ...events];
  return all.length > 0 ? all : [ok(`${pods.length} run, and none was restarted`)];
}

function troublesOf({ metadata, status }: Pod): ClusterFinding[] {
  const { warning, problem } = findingsOf('pods');
  if (status.phase === 'Failed') {
    return [problem(`${metadata.name} has failed (${status.reason})`, 'kubectl describe the pod')];
  }
  const unscheduled = status.conditions.find(
    ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
  );
  if (unscheduled !== undefined) {
    const fix =
      'make room on the nodes, or change resources, nodeSelector, tolerations or affinity';
    return [problem(`${metadata.name} has no node: ${unscheduled.message}`, fix)];
  }
  return [...status.initContainerStatuses, ...status.containerStatuses].flatMap((container) => {
    const { waiting } = container.state;
    const name = `${metadata.name}/${container.name}`;
    const remedy = WAITING[waiting?.reason ?? ''];
    if (waiting !== undefined && remedy !== undefined) {
      return [problem(`${name} waits: ${waiting.reason} ${waiting.message}`.trim(), remedy)];
    }
    if (container.restartCount === 0) return [];
    const times = `${name} was restarted ${container.restartCount} times`;
    const last = container.lastState.terminated;
    if (last?.reason === 'OOMKilled') {
      return [warning(`${times}, last for lack of memory`, 'raise resources.limits.memory')];
    }
    const how = last === undefined ? '' : `, last with code ${last.exitCode}`;
    return [warning(`${times}${how}`, `kubectl logs --previous ${metadata.name}`)];
  });
}

/** Why pods do not start, where only events tell: volumes that can not be mounted. */
async function warningsOf(
  stuck: readonly Pod[],
  kubectl: LiveDeployment['kubectl'],
): Promise<ClusterFinding[]> {
  const names = new Set(stuck.map(({ metadata }) => metadata.name));
  const { items } = await kubectl.get(listOf(Event), ['events', '--field-selector=type=Warning']);
  const about = items.filter(
    ({ involvedObject, reason }) => names.has(involvedObject.name) && reason === 'FailedMount',
  );
  const messages = new Set(about.map(({ message }) => message));
  return [...messages].map((message) =>
    findingsOf('pods').problem(
      `a volume can not be mounted: ${message}`,
      'create the Secret that it names, or apply the manifests again',
    ),
  );
}

/** ResourceQuotas that are used up: the next rollout needs one pod more than there are. */
export async function checkQuota({ kubectl }: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, warning } = findingsOf('quota');
  const { items } = await kubectl.get(listOf(Quota), ['resourcequotas']);
  const full = items.flatMap(({ metadata, status: { hard, used } }) =>
    Object.entries(hard)
      .filter(([name, limit]) => limit !== '0' && used[name] === limit)
      .map(([name, limit]) => `${metadata.name} has used all of ${name} (${limit})`),
  );
  if (full.length === 0) return [ok(items.length === 0 ? 'there is none' : 'there is room')];
  const fix = 'ask for more: an update starts one pod beside the others';
  return full.map((text) => warning(text, fix));
}

/**
 * Whether the document in the ConfigMap is the one that the pods were started with.
 *
 * @throws {KubectlError} where it could not be read
 */
export function checkConfig(live: LiveDeployment): ClusterFinding[] {
  const { ok, warning, problem, unknown } = findingsOf('config');
  const { config, deployment, document, pods } = live;
  if (config === undefined) {
    return [
      unknown('the pods run the Python server, which has no document of ours', 'none is needed'),
    ];
  }
  if (config.failure !== undefined) throw config.failure;
  if (config.text === '') {
    return [problem(`the ConfigMap "${config.name}" is not there`, 'apply the manifests again')];
  }
  const CHECKSUM = 'checksum/config';
  const wanted = deployment.spec.template.metadata.annotations[CHECKSUM];
  const is = createHash('sha256').update(config.text).digest('hex');
  if (is !== wanted) {
    return [
      problem(
        `the ConfigMap "${config.name}" was changed beside the Deployment: running pods have another one`,
        'apply the manifests as synth has written them',
      ),
    ];
  }
  const old = pods.filter(({ metadata }) => metadata.annotations[CHECKSUM] !== wanted);
  if (old.length > 0) {
    const text = `${old.length} of ${pods.length} pods still run with an older document`;
    return [warning(text, 'wait for the rollout')];
  }
  const version = deployment.metadata.labels['app.kubernetes.io/version'] ?? 'unknown';
  if (document === undefined) {
    const fix = `use the rucio-mcp of version ${version}`;
    return [unknown(`the document is not one of this command, ${VERSION}`, fix)];
  }
  const sites = document.sites.map(({ name }) => name).join(', ');
  return [ok(`version ${version}, ${document.auth.mode}, for ${sites}; all pods have it`)];
}

/** Whether the ConfigMaps with the server itself are there. */
export async function checkBundle(live: LiveDeployment): Promise<ClusterFinding[]> {
  const { ok, problem } = findingsOf('bundle');
  const { deployment, kubectl } = live;
  const wanted = deployment.spec.template.spec.volumes.flatMap(({ name, projected }) =>
    name === 'bundle' ? (projected?.sources ?? []).flatMap(({ configMap }) => configMap ?? []) : [],
  );
  if (wanted.length === 0) return [ok(`the server is in the image ${live.container.image}`)];
  const instance = deployment.metadata.labels['app.kubernetes.io/instance'] ?? '';
  // Another release in the namespace has parts of its own.
  const selector = `app.kubernetes.io/component=bundle,app.kubernetes.io/instance=${instance}`;
  // Names only: what they hold is most of a megabyte.
  const { stdout } = await kubectl.run([
    ...['get', 'configmaps', '--selector', selector],
    '--output=name',
  ]);
  const there = new Set(stdout.split('\n').flatMap((line) => line.split('/')[1] ?? []));
  const missing = wanted.filter(({ name }) => !there.has(name));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    const text = `missing: ${names}; pods that start now will not come up`;
    return [problem(text, 'apply the manifests again')];
  }
  const others = there.size - wanted.length;
  const rest =
    others === 0
      ? ''
      : `; ${others} more are of other versions: a rollback needs them, else prune them`;
  const digest = variable(live, 'bundleSha256')?.slice(0, 12) ?? 'unknown';
  return [ok(`all ${wanted.length} ConfigMaps are there, server ${digest}${rest}`)];
}
