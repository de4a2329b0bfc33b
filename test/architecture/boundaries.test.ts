import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { type BuildOptions, build } from 'esbuild';
import ts from 'typescript';

const root = join(__dirname, '../..');
const planted = (file: string) => readFileSync(join(__dirname, 'planted', file), 'utf8');

/** Packages that the server needs at run time. A new one is a decision, and a line here. */
const SERVER_PACKAGES = [
  '@fastify/rate-limit',
  '@modelcontextprotocol/server',
  '@opentelemetry/api',
  '@opentelemetry/core',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-base',
  '@redis/client',
  'cookie',
  'fastify',
  'htmlparser2',
  'ipaddr.js',
  'jose',
  'lru-cache',
  'oauth4webapi',
  'p-limit',
  'prom-client',
  'undici',
  'zod',
];

/** Packages that the synth command needs at run time. */
const SYNTH_PACKAGES = [
  'cdk8s',
  'cdk8s-plus-28/lib/imports/k8s',
  'commander',
  'constructs',
  'yaml',
  'zod',
];

interface Inputs {
  readonly packages: readonly string[];
  readonly files: readonly string[];
}

/** What a program is made of, by esbuild: packages, and files from the root of the repository. */
async function inputsOf(entry: Pick<BuildOptions, 'entryPoints' | 'stdin'>): Promise<Inputs> {
  const { metafile } = await build({
    ...entry,
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    metafile: true,
    packages: 'external',
    platform: 'node',
    write: false,
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const packages = imports
    .filter(({ external, path }) => external === true && !path.startsWith('node:'))
    .map(({ path }) => path);
  return { packages: [...new Set(packages)].sort(), files: Object.keys(metafile.inputs).sort() };
}

const outside = (files: readonly string[], allowed: RegExp) =>
  files.filter((file) => !allowed.test(file));

describe('esbuild', () => {
  const SERVER_FILES = /^(server|lib\/contract)\//;

  test('the server is made of its own files, the contract and the written list of packages', async () => {
    const { packages, files } = await inputsOf({ entryPoints: ['server/main.ts'] });
    expect(outside(files, SERVER_FILES)).toEqual([]);
    expect(packages).toEqual(SERVER_PACKAGES);
  });

  test('OpenTelemetry is loaded by nothing but tracing, and that only when it is asked for', async () => {
    const { metafile } = await build({
      entryPoints: ['server/main.ts'],
      absWorkingDir: root,
      bundle: true,
      format: 'esm',
      metafile: true,
      packages: 'external',
      platform: 'node',
      write: false,
    });
    const imports = Object.entries(metafile.inputs).flatMap(([file, input]) =>
      input.imports.map(({ path, kind }) => ({ file, path, kind })),
    );
    const users = imports.filter(({ path }) => path.startsWith('@opentelemetry/'));
    expect(new Set(users.map(({ file }) => file))).toEqual(new Set(['server/tracing/otlp.ts']));
    const loaders = imports.filter(({ path }) => path === 'server/tracing/otlp.ts');
    expect(loaders.map(({ file, kind }) => `${file} ${kind}`)).toEqual([
      'server/tracing/tracing.ts dynamic-import',
    ]);
  });

  test('the synth command is made of lib, generated classes and its list', async () => {
    const { packages, files } = await inputsOf({ entryPoints: ['main.ts'] });
    expect(outside(files, /^(main\.ts$|lib\/|imports\/)/)).toEqual([]);
    expect(packages).toEqual(SYNTH_PACKAGES);
  });

  test.each([
    ['server-imports-constructs.ts', 'lib/constructs/labels.ts', undefined],
    ['server-imports-generated.ts', 'imports/monitoring.coreos.com.ts', 'cdk8s'],
    ['server-imports-cdk8s.ts', undefined, 'cdk8s'],
  ])('finds the planted %s', async (file, foreignFile, foreignPackage) => {
    const { packages, files } = await inputsOf({
      stdin: { contents: planted(file), resolveDir: join(root, 'server'), loader: 'ts' },
    });
    const foreign = outside(files, SERVER_FILES).filter((path) => path !== '<stdin>');
    expect(foreign[0]).toBe(foreignFile);
    expect(packages.filter((name) => !SERVER_PACKAGES.includes(name))[0]).toBe(foreignPackage);
  });
});

describe('ESLint', () => {
  test('refuses every planted import, each where it pretends to stand', () => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(__dirname, 'lint-planted.mjs')],
      { cwd: root, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    const files = readdirSync(join(__dirname, 'planted')).sort();
    expect(files).toHaveLength(9);
    const rules = JSON.parse(stdout) as Record<string, string[]>;
    expect(
      files.filter((file) => !rules[file]?.includes('@typescript-eslint/no-restricted-imports')),
    ).toEqual([]);
  }, 120_000);
});

describe('TypeScript', () => {
  /** Codes of what `server/tsconfig.json` says about one file, as it is or with another text. */
  function diagnostics(text: string | undefined): number[] {
    const config = join(root, 'server/tsconfig.json');
    const { options, fileNames } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(config, (path) => ts.sys.readFile(path)).config,
      ts.sys,
      join(root, 'server'),
      undefined,
      config,
    );
    const host = ts.createCompilerHost(options);
    const read = host.readFile.bind(host);
    const getSourceFile = host.getSourceFile.bind(host);
    const replaced = join(root, 'server/errors.ts');
    host.readFile = (path) => (path === replaced && text !== undefined ? text : read(path));
    host.getSourceFile = (path, ...rest) =>
      path === replaced && text !== undefined
        ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2023)
        : getSourceFile(path, ...rest);
    const program = ts.createProgram({ rootNames: fileNames, options, host });
    return program.getSemanticDiagnostics(program.getSourceFile(replaced)).map(({ code }) => code);
  }

  /** "File is not listed within the file list of project." */
  const NOT_LISTED = 6307;

  test('a file of the server as it is', () => {
    expect(diagnostics(undefined)).toEqual([]);
  });

  test.each(['server-imports-constructs.ts', 'server-imports-generated.ts'])(
    'finds the planted %s',
    (file) => {
      expect(diagnostics(planted(file))).toContain(NOT_LISTED);
    },
  );
});
