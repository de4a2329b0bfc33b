import { METRICS } from '../../../lib/contract/metrics';
import { alertsOf } from '../../../lib/monitoring/alerts';
import { dashboardOf } from '../../../lib/monitoring/dashboard';
import { panelsOf } from '../../../lib/monitoring/panels';
import { OTHER_METRICS } from '../../../lib/monitoring/promql';

/** Everything that Prometheus can be asked for, with its labels. */
const KNOWN = new Map<string, readonly string[]>();
for (const { name, kind, labels } of Object.values(METRICS)) {
  if (kind !== 'histogram') KNOWN.set(name, labels);
  else for (const suffix of ['_bucket', '_sum', '_count']) KNOWN.set(`${name}${suffix}`, labels);
}
for (const name of Object.values(OTHER_METRICS)) KNOWN.set(name, ['job']);

const WORDS = new Set(
  'sum by rate increase histogram_quantile absent vector or le $__range $__rate_interval'.split(
    ' ',
  ),
);

const alerts = alertsOf('rucio-mcp', 'mcp');
const expressions = [
  ...panelsOf('rucio-mcp').flatMap((panel) =>
    panel.type === 'row' ? [] : panel.targets.map(({ expr }) => [panel.title, expr] as const),
  ),
  ...alerts.map(({ alert, expr }) => [alert, expr] as const),
];

test.each(expressions)('%s asks for what there is: %s', (_, expr) => {
  const selectors = [...expr.matchAll(/([a-z_:]+)\{([^}]*)\}/g)];
  for (const [, name = '', matchers = ''] of selectors) {
    const labels = [...matchers.matchAll(/(\w+)(?:=~|!=|!~|=)"/g)].map(([, label]) => label);
    expect(KNOWN.get(name)).toEqual(expect.arrayContaining(labels));
  }
  const bare = expr.replace(/\{[^}]*\}/g, '').replace(/by \(([^)]*)\)/g, 'by');
  const names = (bare.match(/[a-z_$][a-z_$]+/g) ?? []).filter((name) => !WORDS.has(name));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect([...KNOWN.keys()]).toContain(name);
});

test('what is summed by is a label of what is summed', () => {
  for (const [, expr] of expressions) {
    for (const [, by = '', name = ''] of expr.matchAll(
      /sum by \(([^)]*)\) \((?:\w+\()?([a-z_]+)/g,
    )) {
      const labels = by.split(', ').filter((label) => label !== 'le');
      expect(KNOWN.get(name)).toEqual(expect.arrayContaining(labels));
    }
  }
});

test('every alert says how bad it is and what to do', () => {
  expect(alerts.length).toBeGreaterThan(0);
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
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
  expect(dashboard.panels).toHaveLength(25);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(25);
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
