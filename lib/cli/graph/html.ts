import { type DeploymentModel, isolationText } from '../deployment/deployment-model';
import { escaped } from './markup';
import { pictureOf } from './picture';
import { DRAWING, colours } from './style';
import { inlineSvg, partClass } from './svg';

/** A row of the table: an object or a peer. */
interface Row {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly from: string;
  readonly facts: readonly string[];
}

/**
 * The drawing as a page with a table of everything in it. Pointing at a card shows its lines alone
 * and what there is to know; no script does it.
 */
export function html(model: DeploymentModel): string {
  const { title, namespace } = model;
  const rows = rowsOf(model);
  const hrefOf = (id: string) => `#row-${partClass(model, id)}`;
  const name = `${escaped(title)} in namespace ${escaped(namespace)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${name}</title>
<style>
${colours(':root')}
${DRAWING}
${PAGE}
${rows.map(({ id }) => pointed(partClass(model, id))).join('\n')}
</style>
</head>
<body>
<main>
<h1>${name}</h1>
<p>${isolationText(model)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="drawing">
${inlineSvg(pictureOf(model), { hrefOf })}</div>
<h2>Everything in it</h2>
<div class="scroll" tabindex="0" role="region" aria-label="table">
<table>
<thead><tr><th scope="col">what</th><th scope="col">name</th><th scope="col">from</th><th scope="col">facts</th><th scope="col">with</th></tr></thead>
<tbody>
${rows.map((row) => rowOf(row, model)).join('\n')}
</tbody>
</table>
</div>
</main>
</body>
</html>
`;
}

function rowsOf({ objects, peers }: DeploymentModel): readonly Row[] {
  return [
    ...objects.map(({ isProvided, ...object }) => ({
      ...object,
      from: isProvided ? 'provided' : 'made',
    })),
    ...peers.map(({ id, side, name, facts }) => ({ id, kind: side, name, facts, from: 'outside' })),
  ];
}

function rowOf({ id, kind, name, from, facts }: Row, model: DeploymentModel): string {
  const part = partClass(model, id);
  const nameOf = (other: string) => {
    const peer = model.peers.find((candidate) => candidate.id === other);
    return peer?.name ?? other.replace('/', ' ');
  };
  const verbs = { traffic: ['calls', 'called by'], reads: ['reads', 'read by'] } as const;
  const words = {
    ...verbs,
    fills: ['fills', 'filled by'],
    governs: ['rules', 'ruled by'],
  } as const;
  const others = model.relations.flatMap(({ from: source, to, sort, label }) => {
    if (source !== id && to !== id) return [];
    const text = `${words[sort][source === id ? 0 : 1]} ${nameOf(source === id ? to : source)}`;
    return [label === '' ? text : `${text} (${label})`];
  });
  const list = (items: readonly string[]) => items.map(escaped).join('<br>');
  return `<tr id="row-${part}" class="row ${part}"><td>${escaped(kind)}</td><th scope="row">${escaped(name)}</th><td>${from}</td><td>${list(facts)}</td><td>${list(others)}</td></tr>`;
}

/** While a card is pointed at, only its own lines are strong. */
function pointed(part: string): string {
  const on = `main:has(a:is(:hover,:focus-visible) .${part},tr.${part}:hover)`;
  return [
    `${on} .drawing>:is(.line,.port):not(.${part}){opacity:.12}`,
    `${on} .drawing .part.${part}>.card{stroke:var(--traffic);stroke-width:2.6}`,
    `${on} tr.${part}{background:var(--frame)}`,
  ].join('\n');
}

const PAGE = `body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{padding:24px;max-width:1800px;margin:auto}
h1{font-size:24px;margin:0}
h2{font-size:18px}
p{margin:4px 0 16px;color:var(--dim)}
.scroll{overflow:auto}
.drawing{max-width:none;height:auto}
.drawing a:focus-visible{outline:none}
.drawing a:focus-visible .card{stroke:var(--traffic);stroke-width:2.6}
table{border-collapse:collapse;font-size:13px;min-width:900px}
th,td{text-align:left;vertical-align:top;padding:7px 14px 7px 8px;border-bottom:1px solid var(--rim)}
tr:target{outline:2px solid var(--traffic)}
@media print{main{padding:0}.scroll{overflow:visible}.drawing{max-width:100%}table{min-width:0;font-size:9px}tr{break-inside:avoid}@page{size:landscape;margin:10mm}}`;
