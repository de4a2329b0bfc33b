import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { validValues, writeSmallBundle } from '../../synth';
import { synthCommand } from '../../../support/run-synth-command';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rucio-mcp-graph-'));
  writeSmallBundle(join(root, 'bundle'));
  writeFileSync(join(root, 'values.yaml'), stringify(validValues()));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = (...argv: readonly string[]) => synthCommand(root, ['graph', ...argv]);

/** The arrows of a drawing, by the titles and first details of their ends. */
function arrows(drawing: string): string[] {
  const names = new Map(
    [...drawing.matchAll(/^ {4}(n\d+)\W+<b>(.*)<\/b><br\/>(.*?)(?:<br\/>.*)?"/gm)].map(
      ([, id, title, detail]) => [id, `${title} ${detail}`],
    ),
  );
  return [...drawing.matchAll(/^ {2}(n\d+) (\S+?)(?:\|"(.*)"\|)? (n\d+)$/gm)].map(
    ([, from, arrow, label = '', to]) => `${names.get(from)} ${arrow} ${label} ${names.get(to)}`,
  );
}

test('draws the way of a request, each connection with its port, and Secrets by name', () => {
  const { code, out, err } = run();
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(readdirSync(root)).not.toContain('manifests');
  expect(arrows(out)).toEqual(
    expect.arrayContaining([
      'clients from anywhere ==>  Ingress rucio-mcp',
      'Ingress rucio-mcp ==>  Service rucio-mcp',
      'Service rucio-mcp ==> TCP 9000 Deployment rucio-mcp',
      'monitoring from anywhere ==>  ServiceMonitor rucio-mcp',
      'Deployment rucio-mcp --> username, password Secret rucio-robot',
      'Deployment rucio-mcp --> server.json ConfigMap rucio-mcp-config',
      'Deployment rucio-mcp ==> TCP 443 Rucio of atlas voatlasrucio-server-prod.cern.ch',
      'Deployment rucio-mcp ==> UDP 53, TCP 53 name server anywhere',
      'NetworkPolicy rucio-mcp -.->  Deployment rucio-mcp',
    ]),
  );
  expect(out).toContain(
    'NetworkPolicies give the pods of the server the drawn connections and no others.',
  );
});

test('the chunks of the server are one object, and the same values are drawn the same', () => {
  const { out } = run();
  expect(out.match(/the server's code<br\/>immutable chunks/g)).toHaveLength(1);
  expect(run().out).toBe(out);
});

test('without NetworkPolicy it says that other connections are possible', () => {
  const { out } = run('--set', 'networkPolicy.enabled=false');
  expect(out).toContain('No NetworkPolicy: other connections are possible too.');
});

test('the smoke test calls from its own Job', () => {
  const { code, out } = run('--set', 'smokeTest.enabled=true');
  expect(code).toBe(0);
  expect(arrows(out).filter((arrow) => /^Job .* ==> .*Service/.test(arrow))).toHaveLength(1);
});

test('wrong values are told as by synth, and nothing is drawn', () => {
  expect(run('--set', 'server.port=0')).toMatchObject({ code: 1, out: '' });
  expect(run('--environments', 'here')).toMatchObject({ code: 1, out: '' });
});

test.each([
  ['graph.svg', /^<svg xmlns/],
  ['graph.HTML', /^<!doctype html>/],
  ['graph.mmd', /^flowchart LR/],
])('the ending of %s says what is drawn, and --format says more', (file, start) => {
  expect(run('--output', file)).toMatchObject({ code: 0, out: '' });
  expect(readFileSync(join(root, file), 'utf8')).toMatch(start);
  run('-o', file, '--format', 'svg');
  expect(readFileSync(join(root, file), 'utf8')).toMatch(/^<svg xmlns/);
  expect(run('--format', 'png')).toMatchObject({ code: 1, out: '' });
});

test('writes to the file of --output', () => {
  const drawn = run().out;
  expect(run('--output', 'graph.mmd')).toMatchObject({ code: 0, out: '' });
  expect(readFileSync(join(root, 'graph.mmd'), 'utf8')).toBe(drawn);
});
