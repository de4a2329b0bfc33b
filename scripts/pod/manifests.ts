import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

import { PodError } from './pod-error';
import { PodSpec } from './pod-spec';

/** The content of a ConfigMap or Secret: file names and bytes. */
export type Files = Readonly<Record<string, Buffer>>;

/** What of the manifests a pod is made of. */
export interface Workload {
  readonly pod: PodSpec;
  readonly configMaps: Readonly<Record<string, Files>>;
  readonly secrets: Readonly<Record<string, Files>>;
}

const Named = z.object({ kind: z.string(), metadata: z.object({ name: z.string() }) });
const Texts = z.record(z.string(), z.string()).default({});
const ConfigMap = z.object({ data: Texts, binaryData: Texts });
const Secret = z.object({ data: Texts, stringData: Texts });
const Deployment = z.object({ spec: z.object({ template: z.object({ spec: PodSpec }) }) });

/**
 * Reads the Deployment and the objects that its pod mounts.
 *
 * @param yaml - all manifests, as documents of one YAML text
 * @throws {PodError} when there is not exactly one Deployment, or when its pod has a part that can
 *   not be honoured outside a cluster
 */
export function readWorkload(yaml: string): Workload {
  const objects = readObjects(yaml);
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  if (deployments.length !== 1 || deployments[0] === undefined) {
    throw new PodError(`the manifests have ${deployments.length} Deployments, not one`);
  }
  const { name, body } = deployments[0];
  const parsed = Deployment.safeParse(body);
  if (!parsed.success) {
    throw new PodError(
      `the pod of Deployment ${name} has parts that can not be run here:\n` +
        z.prettifyError(parsed.error),
    );
  }
  return {
    pod: parsed.data.spec.template.spec,
    configMaps: filesOf(objects, 'ConfigMap', (object) => {
      const { data, binaryData } = ConfigMap.parse(object);
      return { ...fromText(data), ...fromBase64(binaryData) };
    }),
    secrets: filesOf(objects, 'Secret', (object) => {
      const { data, stringData } = Secret.parse(object);
      return { ...fromBase64(data), ...fromText(stringData) };
    }),
  };
}

interface NamedObject {
  readonly kind: string;
  readonly name: string;
  readonly body: unknown;
}

function readObjects(yaml: string): NamedObject[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new PodError(`the manifests are not YAML: ${error.message}`);
    const body: unknown = document.toJS();
    if (body === null) return [];
    const named = Named.safeParse(body);
    if (!named.success) throw new PodError('a document of the manifests has no kind and name');
    return [{ kind: named.data.kind, name: named.data.metadata.name, body }];
  });
}

function filesOf(
  objects: readonly NamedObject[],
  wanted: string,
  read: (object: unknown) => Files,
): Record<string, Files> {
  return Object.fromEntries(
    objects.filter(({ kind }) => kind === wanted).map(({ name, body }) => [name, read(body)]),
  );
}

function fromText(data: Record<string, string>): Record<string, Buffer> {
  return mapValues(data, (text) => Buffer.from(text, 'utf8'));
}

function fromBase64(data: Record<string, string>): Record<string, Buffer> {
  return mapValues(data, (text) => Buffer.from(text, 'base64'));
}

function mapValues<From, To>(
  record: Record<string, From>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
