import { createHash } from 'node:crypto';
import { access, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { withBuildLock } from '../real-rucio/build-lock';
import { runCommand } from '../real-rucio/run-command';
import {
  type CustomResource,
  type KindSchema,
  type Schema,
  customSchemas,
  kubernetesSchemas,
} from './strict-schemas';

const TOOLS = [
  'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0',
  'github.com/zegl/kube-score/cmd/kube-score@v1.20.0',
] as const;
/** The version of Kubernetes whose fields are known. Its sources carry its OpenAPI document. */
export const KUBERNETES_VERSION = '1.35.4';
const KUBERNETES = `k8s.io/kubernetes@v${KUBERNETES_VERSION}`;

/**
 * Builds kubeconform and kube-score with Go into `bin/`, and writes strict schemas of all kinds of
 * Kubernetes and of the custom resources that the manifests use into `schemas/`. The first time
 * takes one to two minutes, later ones nothing.
 *
 * @param cache - an ignored directory of the checkout, which stands beside `imports/`
 * @throws {Error} whose message says why they can not be had, e.g. without Go
 */
export async function ensureKubeLinters(cache: string): Promise<string> {
  const root = dirname(resolve(cache));
  const crds = join(root, 'imports', 'crds');
  const own = join(root, 'test', 'support', 'kube-linters', 'strict-schemas.ts');
  const contents = [...(await fileContents(crds)), await readFile(own, 'utf8')];
  const key = createHash('sha256')
    .update([...TOOLS, KUBERNETES, ...contents].join('\0'))
    .digest('hex');
  const target = join(resolve(cache), `kube-linters-${key.slice(0, 12)}`);
  await mkdir(cache, { recursive: true });
  await withBuildLock(join(cache, 'kube-linters.lock'), async () => {
    if (await exists(target)) return;
    const aside = `${target}.tmp`;
    await rm(aside, { recursive: true, force: true });
    try {
      await install(aside, crds);
      await rename(aside, target);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
  return target;
}

async function install(directory: string, crds: string): Promise<void> {
  process.stderr.write('kube-linters: building them with Go, one to two minutes\n');
  const bin = join(directory, 'bin');
  const schemas = join(directory, 'schemas');
  await mkdir(schemas, { recursive: true });
  // Outside of the checkout's own module settings, and never with a vendor directory.
  const options = { cwd: directory, env: { GOBIN: bin, GOFLAGS: '' } };
  for (const tool of TOOLS) await runCommand('go', ['install', tool], options);
  const module = await runCommand('go', ['mod', 'download', '-json', KUBERNETES], options);
  const { Dir } = JSON.parse(module) as { Dir: string };
  const swagger = await readFile(join(Dir, 'api', 'openapi-spec', 'swagger.json'), 'utf8');
  const { definitions } = JSON.parse(swagger) as { definitions: Record<string, Schema> };
  const resources = (await fileContents(crds)).flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as CustomResource),
  );
  const kinds = [
    ...kubernetesSchemas(definitions),
    ...resources.flatMap((resource) => customSchemas(resource, definitions)),
  ];
  for (const kind of kinds) {
    await writeFile(join(schemas, schemaFile(kind)), JSON.stringify(kind.schema));
  }
}

/** As kubeconform asks for it with {@link SCHEMA_TEMPLATE}. */
function schemaFile({ group, version, kind }: KindSchema): string {
  const [first = ''] = group.split('.');
  return [kind, ...(first === '' ? [] : [first]), `${version}.json`].join('-').toLowerCase();
}

/** Names of the files in `schemas/`, for kubeconform's `-schema-location`. */
export const SCHEMA_TEMPLATE = '{{.ResourceKind}}{{.KindSuffix}}.json';

async function fileContents(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).sort();
  return Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
