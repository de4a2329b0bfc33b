const LIGHT = {
  page: '#ffffff',
  frame: '#f5f7fa',
  rim: '#d3dae3',
  card: '#ffffff',
  ink: '#18222e',
  dim: '#566270',
  traffic: '#1b66d6',
  outside: '#0b7468',
  way: '#1b66d6',
  pods: '#1b66d6',
  data: '#566270',
  secret: '#946200',
  rule: '#7a45c9',
} as const;

const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  page: '#0e131a',
  frame: '#151c25',
  rim: '#334050',
  card: '#1c2530',
  ink: '#e8eef5',
  dim: '#9dabba',
  traffic: '#62a8ff',
  outside: '#4fd0c0',
  way: '#62a8ff',
  pods: '#62a8ff',
  data: '#9dabba',
  secret: '#e6b450',
  rule: '#c09bff',
};

const FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const MONO = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace';

/** The colours as variables: those of the reader's choice, and light ones on paper. */
export function colours(selector: string): string {
  const block = (colourSet: Readonly<Record<string, string>>) =>
    `${selector}{${Object.entries(colourSet)
      .map(([name, value]) => `--${name}:${value}`)
      .join(';')}}`;
  return [
    block(LIGHT),
    `@media screen and (prefers-color-scheme:dark){${block(DARK)}}`,
    `${selector}{color-scheme:light dark}`,
  ].join('\n');
}

/** How the parts of a drawing look. */
export const DRAWING = [
  `.drawing text{font-family:${FONT};fill:var(--ink)}`,
  '.drawing .page{fill:var(--page)}',
  '.drawing .frame{fill:var(--frame);stroke:var(--rim)}',
  '.drawing .card{fill:var(--card);stroke:var(--rim)}',
  '.drawing .provided .card{stroke-dasharray:5 3;stroke:var(--secret)}',
  '.drawing .pods>.card{stroke:var(--pods);stroke-width:1.6}',
  '.drawing .heading{font-size:22px;font-weight:700}',
  '.drawing .told{font-size:13px;fill:var(--dim)}',
  '.drawing .label{font-size:12px;font-weight:600;fill:var(--dim)}',
  '.drawing .kind{font-size:11px;font-weight:600}',
  '.drawing .name{font-size:13px;font-weight:700}',
  `.drawing .fact,.drawing .port{font-family:${MONO};font-size:11px;fill:var(--dim)}`,
  '.drawing .port{fill:var(--traffic);font-weight:600;stroke:var(--page);stroke-width:4px;paint-order:stroke;stroke-linejoin:round}',
  '.drawing .port.in{stroke:var(--frame)}',
  '.drawing .icon{fill:none;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}',
  ...['outside', 'way', 'pods', 'data', 'secret', 'rule'].flatMap((tone) => [
    `.drawing .${tone}>.kind{fill:var(--${tone})}`,
    `.drawing .${tone}>.icon{stroke:var(--${tone})}`,
  ]),
  '.drawing .line{fill:none;stroke-width:1.4;stroke:var(--dim)}',
  '.drawing .traffic{stroke:var(--traffic);stroke-width:2.2}',
  '.drawing .governs{stroke:var(--rule);stroke-dasharray:2 4;stroke-linecap:round}',
  '.drawing .fence{fill:none;stroke:var(--rule);stroke-width:1.6;stroke-dasharray:7 4}',
  '.drawing .gate{fill:var(--frame);stroke:var(--rule);stroke-width:1.8}',
  '.drawing .tip{fill:var(--dim)}',
  '.drawing .tip.traffic{fill:var(--traffic);stroke:none}',
  '.drawing .tip.governs{fill:var(--rule);stroke:none}',
].join('\n');
