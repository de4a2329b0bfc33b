import { parser } from '@prometheus-io/lezer-promql';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { METRICS } from '../../../lib/contract/metrics';
import { RUNBOOKS, alertsOf } from '../../../lib/monitoring/alerts';
import { dashboardOf } from '../../../lib/monitoring/dashboard';
import { WINDOWS, objectivesOf, recordOf } from '../../../lib/monitoring/objectives';
import { panelsOf } from '../../../lib/monitoring/panels';
import { OTHER_METRICS } from '../../../lib/monitoring/promql';
import { rulesOf } from '../../../lib/monitoring/rules';

const ROOT = join(__dirname, '../../..');
const TARGET = { job: 'rucio-mcp', namespace: 'mcp' };
/** Labels that Prometheus adds. */
const ADDED = ['job', 'namespace', 'pod'];

/** Everything that Prometheus can be asked for, with its labels. */
const KNOWN = new Map<string, readonly string[]>();
for (const { name, kind, labels } of Object.values(METRICS)) {
  if (kind !== 'histogram') KNOWN.set(name, [...labels, ...ADDED]);
  else
    for (const part of ['_bucket', '_sum', '_count'])
      KNOWN.set(name + part, [...labels, ...ADDED, 'le']);
}
for (const name of Object.values(OTHER_METRICS)) KNOWN.set(name, ADDED);
for (const objective of objectivesOf(TARGET)) {
  for (const window of WINDOWS) KNOWN.set(recordOf(objective, window), [...ADDED, 'site']);
}

const alerts = alertsOf(TARGET);
const rules = rulesOf(TARGET);
const expressions = [
  ...panelsOf('rucio-mcp').flatMap((panel) =>
    panel.type === 'row' ? [] : panel.targets.map(({ expr }) => [panel.title, expr] as const),
  ),
  ...rules.map((rule) => ['alert' in rule ? rule.alert : rule.record, rule.expr] as const),
];

interface Part {
  readonly kind: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** What an expression consists of, as Prometheus' own grammar has it. */
function partsOf(expr: string): Part[] {
  // Grafana fills these in.
  const text = expr.replaceAll(/\$__(range|rate_interval)/g, '5m');
  const found: Part[] = [];
  parser.parse(text).iterate({
    enter: ({ type, name, from, to }) => {
      found.push({ kind: type.isError ? 'error' : name, text: text.slice(from, to), from, to });
    },
  });
  return found;
}

const inside = (parts: readonly Part[], whole: Part, kind: string) =>
  parts.filter((part) => part.kind === kind && part.from >= whole.from && part.to <= whole.to);

test.each(expressions)('%s asks for what there is: %s', (_, expr) => {
  const parts = partsOf(expr);
  expect(parts.filter(({ kind }) => kind === 'error')).toEqual([]);
  const selectors = parts.filter(({ kind }) => kind === 'VectorSelector');
  expect(selectors.length).toBeGreaterThan(0);
  const labelsOf = (selector: Part) => {
    const name = inside(parts, selector, 'Identifier')[0]?.text ?? '';
    expect([...KNOWN.keys()]).toContain(name);
    return KNOWN.get(name) ?? [];
  };
  for (const selector of selectors) {
    const labels = inside(parts, selector, 'LabelName').map(({ text }) => text);
    expect(labelsOf(selector)).toEqual(expect.arrayContaining(labels));
  }
  // What is summed by is a label of what is summed.
  for (const sum of parts.filter(({ kind }) => kind === 'AggregateExpr')) {
    const [grouping] = inside(parts, sum, 'GroupingLabels');
    if (grouping === undefined) continue;
    const by = inside(parts, grouping, 'LabelName').map(({ text }) => text);
    for (const selector of inside(parts, sum, 'VectorSelector')) {
      expect(labelsOf(selector)).toEqual(expect.arrayContaining(by));
    }
  }
});

test('every rule is about this deployment, and no other one in the same Prometheus', () => {
  for (const { expr } of rules) {
    for (const { text } of partsOf(expr).filter(({ kind }) => kind === 'VectorSelector')) {
      expect(text).toContain('job="rucio-mcp"');
      expect(text).toContain('namespace="mcp"');
    }
  }
});

test('every alert has a page that says what it means and what to do, and every page an alert', () => {
  const names = [...new Set(alerts.map(({ alert }) => alert))];
  const pages = readdirSync(join(ROOT, RUNBOOKS)).filter((page) => page !== 'README.md');
  expect(pages.sort()).toEqual(names.map((name) => `${name}.md`).sort());
  for (const { alert, annotations } of alerts) {
    expect(annotations.runbook).toBe(`${RUNBOOKS}/${alert}.md`);
    const file = join(ROOT, annotations.runbook ?? '');
    expect(existsSync(file)).toBe(true);
    const text = readFileSync(file, 'utf8');
    for (const part of ['## Meaning', '## Impact', '## Diagnosis', '## Remedy']) {
      expect(text).toContain(part);
    }
  }
});

test('pages that are published elsewhere are linked there', () => {
  const [first] = alertsOf(TARGET, 'https://wiki.example.org/mcp/');
  expect(first?.annotations.runbook_url).toBe('https://wiki.example.org/mcp/RucioMcpDown.md');
});

test('every alert says how bad it is and what to do', () => {
  expect(alerts.length).toBeGreaterThan(0);
  const keys = alerts.map(({ alert, labels }) => `${alert} ${labels.severity}`);
  expect(new Set(keys).size).toBe(alerts.length);
  for (const { labels, annotations } of alerts) {
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(annotations.summary).not.toBe('');
    expect(annotations.description).not.toBe('');
  }
});

interface Grid {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

test('the dashboard keeps its uid and variables, and no panel covers another', () => {
  const dashboard = JSON.parse(dashboardOf('rucio-mcp')) as {
    uid: string;
    templating: { list: { name: string }[] };
    panels: { id: number; title: string; gridPos: Grid }[];
  };
  expect(dashboard.uid).toBe('rucio-mcp-01');
  expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'site']);
  expect(dashboard.panels).toHaveLength(panelsOf('rucio-mcp').length);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  const covered = new Set<string>();
  for (const { gridPos } of dashboard.panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(covered.has(`${x}/${y}`)).toBe(false);
        covered.add(`${x}/${y}`);
      }
    }
  }
});
