import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { KUBERNETES_VERSION, SCHEMA_TEMPLATE } from './ensure-kube-linters';

/** What a linter has to say about one object. */
export interface Finding {
  /** The name of the file that has the object. */
  readonly file: string;
  readonly check: string;
  readonly kind: string;
  /** The container, where it is about one. */
  readonly container?: string;
  readonly message: string;
}

export interface Linted {
  /** How many objects the linter has judged. */
  readonly objects: number;
  readonly findings: readonly Finding[];
}

interface SchemaResult {
  readonly filename: string;
  readonly kind: string;
  readonly status: string;
  readonly msg: string;
}

interface ScoredObject {
  readonly file_name: string;
  readonly type_meta: { readonly kind: string };
  readonly checks: readonly {
    readonly check: { readonly id: string; readonly name: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** The grade of kube-score where it has nothing to say. */
const ALL_OK = 10;

/**
 * kubeconform on all YAML files of a directory. A kind without a schema is a finding as well.
 *
 * @param home - what `ensureKubeLinters` returned
 */
export function runKubeconform(home: string, directory: string): Linted {
  const schemas = join(home, 'schemas', SCHEMA_TEMPLATE);
  const output = run(home, directory, [
    'kubeconform',
    ...['-strict', '-verbose', '-output', 'json', '-schema-location', schemas],
  ]);
  const { resources } = output as { resources: SchemaResult[] };
  return {
    objects: resources.length,
    findings: resources
      .filter(({ status }) => status !== 'statusValid')
      .map(({ filename, kind, status, msg }) => ({
        file: fileName(filename),
        check: status,
        kind,
        message: msg,
      })),
  };
}

/** kube-score on all YAML files of a directory; objects of a namespace are judged together. */
export function runKubeScore(home: string, directory: string): Linted {
  const version = `v${KUBERNETES_VERSION.split('.').slice(0, 2).join('.')}`;
  const objects = run(home, directory, [
    'kube-score',
    ...['score', '--kubernetes-version', version, '--output-format', 'json'],
  ]) as ScoredObject[];
  return { objects: objects.length, findings: objects.flatMap(findingsOf) };
}

function findingsOf({ file_name, type_meta, checks }: ScoredObject): Finding[] {
  return checks
    .filter(({ skipped, grade }) => !skipped && grade < ALL_OK)
    .flatMap(({ check, comments }) => {
      const about = { file: fileName(file_name), check: check.id, kind: type_meta.kind };
      if (comments === null) return [{ ...about, message: check.name }];
      return comments.map(({ path, summary }) => ({
        ...about,
        ...(path === '' ? {} : { container: path }),
        message: summary,
      }));
    });
}

/** Both programs end with 1 where they found something, and say it in JSON all the same. */
function run(home: string, directory: string, [program, ...args]: [string, ...string[]]): unknown {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
  const { error, stdout, stderr } = spawnSync(join(home, 'bin', program), [...args, ...files], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  try {
    return JSON.parse(stdout) as unknown;
  } catch (cause) {
    throw new Error(`${program} printed no JSON: ${stderr}`, { cause });
  }
}

function fileName(path: string): string {
  return path.replace(/^.*\//, '');
}
