import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

import type { Manifest } from '../../constructs/checks/manifest';
import { errorCode } from '../error-code';
import { UsageError } from '../usage-error';

/** Stands for standard input. */
export const STDIN = '-';

/** Largest file of manifests, in bytes: a deployment is one megabyte, with its bundle. */
const MAX_BYTES = 32 * 1024 * 1024;

/** As far as every object has to be right; the rest is compared as it is. */
const KubernetesObject = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.unknown()).nullish(),
    annotations: z.record(z.string(), z.unknown()).nullish(),
  }),
});
const List = z.looseObject({ kind: z.string().endsWith('List'), items: z.array(z.unknown()) });

export interface ReadStateOptions {
  readonly cwd: string;
  /** The namespace of objects that name none. */
  readonly namespace: string;
}

/**
 * The objects in a file, in all YAML files of a directory, or on standard input.
 *
 * @param source - a path, or `-`
 * @throws {UsageError} when it can not be read or holds something else than Kubernetes objects
 */
export function readState(source: string, options: ReadStateOptions): readonly Manifest[] {
  if (source === STDIN) return parseManifests(readText(0, 'standard input'), source, options);
  const path = resolve(options.cwd, source);
  return filesOf(path).flatMap((file) => parseManifests(readText(file, file), file, options));
}

function filesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path)
      .filter((name) => /\.ya?ml$/.test(name) && !/^kustomization\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    throw new UsageError(
      `can not read ${path} (${errorCode(error)})`,
      'name the last output with --against DIR|FILE, or ask the cluster with --cluster',
    );
  }
}

function readText(file: string | 0, name: string): string {
  try {
    const content = readFileSync(file);
    if (content.length > MAX_BYTES) throw new UsageError(`${name} is too large for manifests`);
    return content.toString('utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`can not read ${name} (${errorCode(error)})`, 'check its name');
  }
}

/**
 * Manifests out of YAML or JSON, as kubectl reads them: YAML 1.1, Lists unfolded.
 *
 * @param name - how to call the text in messages
 * @throws {UsageError} when a document is something else
 */
export function parseManifests(
  text: string,
  name: string,
  { namespace }: Pick<ReadStateOptions, 'namespace'>,
): readonly Manifest[] {
  return documentsIn(text, name)
    .flatMap(unfolded)
    .map((object) => toManifest(object, name, namespace));
}

function documentsIn(text: string, name: string): readonly unknown[] {
  const json = text.startsWith('{') ? jsonIn(text) : undefined;
  if (json !== undefined) return [json];
  const options = { version: '1.1', uniqueKeys: false, logLevel: 'error' } as const;
  return parseAllDocuments(text, options).map((document): unknown => {
    const [error] = document.errors;
    if (error !== undefined) throw new UsageError(`${name} is no YAML: ${error.message}`);
    return document.toJS() as unknown;
  });
}

/** JSON is YAML too, but much faster to read. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unfolded(object: unknown): readonly unknown[] {
  if (object === null || object === undefined) return [];
  const list = List.safeParse(object);
  return list.success ? list.data.items.flatMap(unfolded) : [object];
}

/** @throws {UsageError} when it is no Kubernetes object */
export function toManifest(object: unknown, name: string, namespace: string): Manifest {
  const parsed = KubernetesObject.safeParse(object);
  if (!parsed.success) {
    throw new UsageError(
      `${name} holds a document that is no Kubernetes object`,
      'give manifests: YAML with apiVersion, kind and metadata.name',
    );
  }
  const { metadata } = parsed.data;
  const texts = (map: Readonly<Record<string, unknown>> | null | undefined) =>
    Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, String(value)]));
  return {
    ...parsed.data,
    metadata: {
      ...metadata,
      namespace: metadata.namespace ?? namespace,
      labels: texts(metadata.labels),
      annotations: texts(metadata.annotations),
    },
  };
}
