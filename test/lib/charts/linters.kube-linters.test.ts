import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse, parseAllDocuments } from 'yaml';

import { DEFAULT_RELEASE } from '../../../lib/contract/release';
import {
  type Finding,
  type Linted,
  runKubeScore,
  runKubeconform,
} from '../../support/kube-linters/run-kube-linters';
import { describeWith } from '../../support/requirements';
import { synthYaml } from '../synth';
import { MATRIX } from './matrix';

interface Exception {
  /** Where it is accepted, in words; those that a test can tell are {@link SCOPES}. */
  readonly only?: string;
  readonly reason: string;
}
type Exceptions = Readonly<Record<string, Readonly<Record<string, Exception>>>>;

const EXCEPTIONS = parse(
  readFileSync(join(__dirname, '../../../lint-exceptions.yaml'), 'utf8'),
) as Exceptions;

/** What the words of `only` mean, by the words: they may be a part of a sentence. */
const SCOPES: Readonly<Record<string, (finding: Finding) => boolean>> = {
  extraContainers: ({ container }) => container === 'sidecar',
  'runtime.kind pixi': ({ file }) => chartOf(file).startsWith('pixi'),
};

/** Each chart in a namespace of its own: kube-score takes what is in one for one deployment. */
const charts = MATRIX.map(([name, values], index) => ({
  name,
  file: `${String(index).padStart(2, '0')}.yaml`,
  yaml: synthYaml({
    values,
    allowUnserved: true,
    release: { ...DEFAULT_RELEASE, namespace: `chart-${index}` },
  }),
}));

describeWith('kube-linters', 'linters, on all charts of the matrix', (home) => {
  let directory: string;
  let conform: Linted;
  let score: Linted;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rucio-mcp-linters-'));
    for (const { file, yaml } of charts) writeFileSync(join(directory, file), yaml);
    conform = runKubeconform(home, directory);
    score = runKubeScore(home, directory);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test('kubeconform has a strict schema of every object, and nothing to say', () => {
    const objects = charts.flatMap(({ yaml }) => parseAllDocuments(yaml));
    expect(conform.objects).toBe(objects.length);
    expect(unlisted('kubeconform', conform)).toEqual([]);
  });

  test('all that kube-score says is listed with a reason', () => {
    const files = new Set(score.findings.map(({ file }) => file));
    expect(files.size).toBe(charts.length);
    expect(unlisted('kube-score', score)).toEqual([]);
  });

  test.each(Object.keys(EXCEPTIONS['kube-score'] ?? {}))('kube-score still says %s', (check) => {
    expect(score.findings.map((finding) => finding.check)).toContain(check);
  });

  test('a fault that is planted is found by both', () => {
    const [{ yaml } = { yaml: '' }] = charts;
    const planted = join(directory, 'planted');
    mkdirSync(planted);
    const broken = yaml
      .replace(/^( *)automountServiceAccountToken: false$/m, '$&\n$1automountToken: false')
      .replace(/^( *)image: .*$/m, '$1image: example.org/server:latest')
      .replace(/^( *)pathType: Prefix$/m, '$&\n$1pathKind: Prefix')
      .replace(/^( *)path: \/metrics$/m, '$&\n$1honorLabel: true');
    writeFileSync(join(planted, 'broken.yaml'), broken);
    const found = runKubeconform(home, planted).findings.map(({ kind, message }) => {
      return `${kind} ${/'(\w+)' not allowed/.exec(message)?.[1] ?? message}`;
    });
    expect(found.sort()).toEqual([
      'Ingress pathKind',
      'ServiceAccount automountToken',
      'ServiceMonitor honorLabel',
    ]);
    const { findings } = runKubeScore(home, planted);
    expect(findings.map(({ check }) => check)).toContain('container-image-tag');
  });
});

test('every exception has a reason', () => {
  const all = Object.values(EXCEPTIONS).flatMap((checks) => Object.values(checks));
  expect(all.length).toBeGreaterThan(0);
  for (const { reason } of all) expect(reason.trim()).not.toBe('');
});

function unlisted(tool: string, { findings }: Linted): string[] {
  return findings
    .filter((finding) => !isAccepted(EXCEPTIONS[tool]?.[finding.check], finding))
    .map(({ file, check, kind, container = '-', message }) =>
      [chartOf(file), kind, container, check, message].join(' | '),
    );
}

function isAccepted(exception: Exception | undefined, finding: Finding): boolean {
  if (exception?.only === undefined) return exception !== undefined;
  const { only } = exception;
  return Object.entries(SCOPES).some(([words, holds]) => only.includes(words) && holds(finding));
}

function chartOf(file: string): string {
  return charts.find((chart) => chart.file === file)?.name ?? file;
}
