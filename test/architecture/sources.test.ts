import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { VERSION } from '../../lib/contract/version';
import { customResourceClasses } from '../../scripts/generate/custom-resources';
import { staleFiles } from '../../scripts/generate/generated-file';
import { valuesDocs } from '../../scripts/generate/values-docs';
import {
  type SchemaNode,
  valuesSchema,
  valuesSchemaText,
} from '../../lib/cli/explain/values-schema';

const root = join(__dirname, '../..');

function sources(): string[] {
  // A fresh clone has no empty folders.
  return ['lib', 'server', 'scripts', 'test', 'bench']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.[cm]?[jt]s$/.test(file))
        .map((file) => `${folder}/${file}`),
    );
}

test('no file has more than 400 lines', () => {
  const files = sources();
  expect(files.length).toBeGreaterThan(80);
  const long = files.filter(
    (file) => readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length > 400,
  );
  expect(long).toEqual([]);
});

test('files are named in kebab-case, and none after nothing', () => {
  const names = sources().map((file) => file.split('/').at(-1) ?? '');
  expect(names.filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(names.filter((name) => /^(utils?|helpers?|common|types|misc)\./.test(name))).toEqual([]);
});

test('the version is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(VERSION).toBe(version);
});

describe('generated files', () => {
  test('the schema and the documentation of values say what the sources say', async () => {
    const files = [
      { path: 'values.schema.json', text: valuesSchemaText() },
      { path: 'docs/values.md', text: valuesDocs() },
    ];
    expect((await staleFiles(root, files)).map(({ path }) => path)).toEqual([]);
    expect(await staleFiles(root, [{ path: 'docs/values.md', text: 'other' }])).toHaveLength(1);
  });

  test('imports/ is what cdk8s makes of the definitions', async () => {
    const files = await customResourceClasses(root);
    expect(files.map(({ path }) => path)).toEqual([
      'imports/cert-manager.io.ts',
      'imports/external-secrets.io.ts',
      'imports/gateway.networking.k8s.io.ts',
      'imports/monitoring.coreos.com.ts',
    ]);
    expect((await staleFiles(root, files)).map(({ path }) => path)).toEqual([]);
  });

  test('every value has a description', () => {
    const undescribed = (node: SchemaNode, path: string): string[] => [
      ...(node.description === undefined && node.const === undefined ? [path] : []),
      ...Object.entries(node.properties ?? {}).flatMap(([key, inner]) =>
        undescribed(inner, `${path}.${key}`),
      ),
    ];
    const { properties = {} } = valuesSchema();
    expect(Object.entries(properties).flatMap(([key, node]) => undescribed(node, key))).toEqual([]);
  });
});
