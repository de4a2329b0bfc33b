import type * as grafana from '@grafana/schema';

import { type Panel, panelsOf } from './panels';

/** The key of the ConfigMap, and so the file that Grafana reads: the chart's own. */
export const DASHBOARD_FILE = 'rucio-mcp-dashboard.json';

/** Columns of Grafana's grid. */
const GRID_WIDTH = 24;

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/**
 * The dashboard as JSON, of the types that Grafana publishes: a field that it does not know does not
 * compile. Its uid is that of the chart's, so that links to it stay.
 *
 * @param job - what Prometheus calls the deployment
 */
export function dashboardOf(job: string): string {
  const dashboard: grafana.Dashboard = {
    uid: 'rucio-mcp-01',
    title: 'Rucio MCP',
    tags: ['rucio', 'mcp'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [datasourceVariable(), siteVariable()] },
    panels: place(panelsOf(job)),
  };
  return `${JSON.stringify(dashboard, null, 1)}\n`;
}

function datasourceVariable(): grafana.VariableModel {
  return { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' };
}

function siteVariable(): grafana.VariableModel {
  return {
    name: 'site',
    type: 'query',
    label: 'Site',
    datasource: DATASOURCE,
    query: 'label_values(rucio_mcp_tool_calls_total, site)',
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- types only: the enum itself is code
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  };
}

/** Panels in the order of the list, from left to right and top to bottom. */
function place(panels: readonly Panel[]): (grafana.Panel | grafana.RowPanel)[] {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return panels.map((panel, index) => {
    const { width, height } = panel;
    if (x + width > GRID_WIDTH) {
      x = 0;
      y += rowHeight;
      rowHeight = 0;
    }
    const gridPos = { x, y, w: width, h: height };
    x += width;
    rowHeight = Math.max(rowHeight, height);
    const placed = { id: index + 1, title: panel.title, gridPos };
    return panel.type === 'row'
      ? { ...placed, type: 'row', collapsed: false, panels: [] }
      : { ...placed, ...body(panel) };
  });
}

function body(panel: Exclude<Panel, { readonly type: 'row' }>): grafana.Panel {
  return {
    type: panel.type,
    datasource: DATASOURCE,
    ...(panel.description === undefined ? {} : { description: panel.description }),
    fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
    targets: panel.targets.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      ...(panel.type === 'table' ? { format: 'table', instant: true } : {}),
      ...(panel.type === 'stat' ? { instant: true } : {}),
    })),
  };
}
