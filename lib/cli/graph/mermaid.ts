import type { DeploymentGraph, GraphEdge, GraphNode, Place } from './deployment-graph';

const ARROWS: Readonly<Record<GraphEdge['sort'], string>> = {
  traffic: '==>',
  uses: '-->',
  governs: '-.->',
};

/**
 * A deployment as a Mermaid flowchart: thick arrows are connections, thin ones what pods are given,
 * dotted ones rules about them.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaid(graph: DeploymentGraph): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]));
  const idOf = (id: string) => ids.get(id) ?? missing(id);
  const group = (place: Place, title: string) => {
    const nodes = graph.nodes.filter((node) => node.place === place);
    if (nodes.length === 0) return [];
    const lines = nodes.map((node) => `    ${idOf(node.id)}${shape(node)}:::${place}`);
    return [`  subgraph ${place}["${escaped(title)}"]`, ...lines, '  end'];
  };
  const { isIsolated, namespace, title } = graph;
  const told = isIsolated
    ? 'NetworkPolicies admit the drawn connections and no others.'
    : 'No NetworkPolicy: other connections are possible too.';
  return `${[
    'flowchart LR',
    `  accTitle: ${escaped(title)} in namespace ${escaped(namespace)}`,
    `  accDescr: ${told}`,
    ...group('caller', 'who may call'),
    ...group('made', `${title} in namespace ${namespace}`),
    ...group('provided', 'provided by the operator'),
    ...group('called', 'what the pods call'),
    ...graph.edges.map(({ from, to, label, sort }) => {
      const text = label === '' ? '' : `|"${escaped(label)}"|`;
      return `  ${idOf(from)} ${ARROWS[sort]}${text} ${idOf(to)}`;
    }),
    '  classDef provided stroke-dasharray: 5 3',
  ].join('\n')}\n`;
}

function shape({ title, detail, place }: GraphNode): string {
  const text = `"<b>${escaped(title)}</b><br/>${escaped(detail)}"`;
  return place === 'made' || place === 'provided' ? `[${text}]` : `([${text}])`;
}

/** Entities of Mermaid, for what would end a text or be markup. */
function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,:/=_()'-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

function missing(id: string): never {
  throw new TypeError(`no node ${id}`);
}
