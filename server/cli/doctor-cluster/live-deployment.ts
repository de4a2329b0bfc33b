import { type LabelSelector, matchesLabels } from '../../../lib/contract/label-selector';
import { ENVIRONMENT, SERVER_DOCUMENT_FILE } from '../../../lib/contract/endpoints';
import { APP_NAME } from '../../../lib/contract/release';
import { type ServerDocument, readServerDocument } from '../../../lib/contract/server-document';
import { type Kubectl, KubectlError } from './kubectl';
import { ConfigMap, Deployment, Pod, type PodSpec, listOf } from './objects';

/** Selects the Deployments that synth has made. */
export const OURS = `app.kubernetes.io/part-of=${APP_NAME},app.kubernetes.io/component=server`;

interface LiveConfig {
  readonly name: string;
  /** `''` where it is not there, or could not be read. */
  readonly text: string;
  /** Why it could not be read. */
  readonly failure?: KubectlError;
}

/** The running deployment, as far as the checks ask for it. */
export interface LiveDeployment {
  readonly kubectl: Kubectl;
  readonly deployment: Deployment;
  readonly namespace: string;
  /** Pods of it that are not being deleted. */
  readonly pods: readonly Pod[];
  readonly container: PodSpec['containers'][number];
  /** The ConfigMap with the server's document; `undefined` where the pods have none (pixi). */
  readonly config: LiveConfig | undefined;
  /** `undefined` where it can not be read, or is of another version. */
  readonly document: ServerDocument | undefined;
}

/** The Deployment can not be told from others, or is not there. */
export class NoDeployment extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'NoDeployment';
    this.remedy = remedy;
  }
}

/**
 * Finds the Deployment by its labels.
 *
 * @param name - of the Deployment; undefined: the only one
 * @throws {NoDeployment} where there is none, or more than one
 * @throws {KubectlError}
 */
export async function findDeployment(
  kubectl: Kubectl,
  name: string | undefined,
): Promise<LiveDeployment> {
  const { items } = await kubectl.get(listOf(Deployment), ['deployments', '--selector', OURS]);
  const found = items.filter(({ metadata }) => name === undefined || metadata.name === name);
  const [deployment] = found;
  if (deployment === undefined) {
    throw new NoDeployment(
      `no Deployment${name === undefined ? '' : ` "${name}"`} with the labels ${OURS}`,
      'name the namespace with -n; or apply the manifests, if that is still to be done',
    );
  }
  if (found.length > 1) {
    const names = found.map(({ metadata }) => metadata.name).join(', ');
    throw new NoDeployment(`several deployments are here: ${names}`, 'choose one with --name');
  }
  const { namespace } = deployment.metadata;
  const here = kubectl.in(namespace);
  const pods = await here.get(listOf(Pod), ['pods', '--selector', selectorText(deployment)]);
  const config = await readConfig(here, deployment);
  const { containers } = deployment.spec.template.spec;
  const container = containers.find((one) => one.name === APP_NAME) ?? containers[0];
  if (container === undefined) throw new NoDeployment('it has no container', 'synth it again');
  return {
    kubectl: here,
    deployment,
    namespace,
    pods: pods.items.filter(({ metadata }) => metadata.deletionTimestamp === undefined),
    container,
    config,
    document: documentIn(config?.text),
  };
}

function selectorText({ spec: { selector } }: Deployment): string {
  return Object.entries(selector.matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

async function readConfig(
  kubectl: Kubectl,
  { spec: { template } }: Deployment,
): Promise<LiveConfig | undefined> {
  const name = template.spec.volumes.find((volume) => volume.name === 'config')?.configMap?.name;
  if (name === undefined) return undefined;
  try {
    const { data } = await kubectl.get(ConfigMap, ['configmap', name]);
    return { name, text: data[SERVER_DOCUMENT_FILE] ?? '' };
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error;
    return { name, text: '', ...(error.reason === 'not found' ? {} : { failure: error }) };
  }
}

function documentIn(text: string | undefined): ServerDocument | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const result = readServerDocument(JSON.parse(text));
    return result.ok ? result.value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a selector of something else selects the pods. */
export function selectsPods(live: LiveDeployment, selector: LabelSelector): boolean {
  return matchesLabels(selector, live.deployment.spec.template.metadata.labels);
}

/** The value of a variable of the container. */
export function variable({ container }: LiveDeployment, name: keyof typeof ENVIRONMENT) {
  return container.env.find((one) => one.name === ENVIRONMENT[name])?.value;
}

/** The Secret and its key behind a file that the container sees. */
export function secretBehind(
  { container, deployment }: LiveDeployment,
  file: string,
): { readonly secret: string; readonly key: string } | undefined {
  const mount = container.volumeMounts.find(({ mountPath }) => file.startsWith(`${mountPath}/`));
  const volume = deployment.spec.template.spec.volumes.find(({ name }) => name === mount?.name);
  if (mount === undefined || volume?.secret === undefined) return undefined;
  const path = file.slice(mount.mountPath.length + 1);
  const key = volume.secret.items?.find((item) => item.path === path)?.key ?? path;
  return { secret: volume.secret.secretName, key };
}
