import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { readWorkload } from '../../scripts/pod/manifests';
import { SYNTH } from '../e2e/demo-pod';

const EXAMPLES = join(__dirname, '../../examples');
const values = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml'));

const synth = (...args: readonly string[]) =>
  execFileSync(process.execPath, [SYNTH, '--allow-unserved', ...args], {
    encoding: 'utf8',
    env: {},
    stdio: 'pipe',
  });

test.each(values)('examples/%s synthesizes, and its pod can be run', (name) => {
  const manifests = synth('-f', join(EXAMPLES, name), '--output', '-');
  const { pod, configMaps } = readWorkload(manifests);
  expect(pod.containers[0].command).toEqual(['node']);
  expect(Object.keys(configMaps)).toContain('rucio-mcp-config');
});

interface Delivery {
  readonly kind: string;
  readonly spec: {
    readonly path?: string;
    readonly source?: { readonly path: string };
    readonly destination?: { readonly namespace: string };
  };
}

const read = (path: string) =>
  parseAllDocuments(readFileSync(join(EXAMPLES, path), 'utf8')).map(
    (document) => document.toJS() as Delivery,
  );

test('the environments are what Argo CD and Flux are pointed at', () => {
  const root = mkdtempSync(join(tmpdir(), 'rucio-mcp-examples-'));
  try {
    const environments = join(EXAMPLES, 'environments');
    synth(
      ...['-f', join(environments, 'common.yaml'), '--environments', join(environments, 'envs')],
      ...['--output', join(root, 'deploy')],
    );
    expect(readdirSync(join(root, 'deploy')).sort()).toEqual(['prod', 'staging']);
    const [application] = read('argo-cd/application.yaml');
    const flux = read('flux/kustomization.yaml').find(({ kind }) => kind === 'Kustomization');
    for (const path of [application?.spec.source?.path, flux?.spec.path]) {
      expect(existsSync(join(root, path ?? '', 'kustomization.yaml'))).toBe(true);
    }
    const prod = readFileSync(join(root, 'deploy/prod/rucio-mcp.k8s.yaml'), 'utf8');
    expect(prod).toContain(`namespace: ${application?.spec.destination?.namespace ?? ''}\n`);
    expect(prod).toContain('replicas: 2\n');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
