import { type DeploymentModel, isolationText } from '../deployment/deployment-model';
import type { Relation } from '../deployment/relations';

const ARROWS: Readonly<Record<Relation['sort'], string>> = {
  traffic: '==>',
  reads: '-->',
  fills: '-->',
  governs: '-.->',
};

/** A node: who is at its end, and the group that it stands in. */
interface Node {
  readonly id: string;
  readonly group: 'caller' | 'made' | 'provided' | 'called';
  readonly title: string;
  readonly details: readonly string[];
}

/**
 * A deployment as a Mermaid flowchart: thick arrows are connections, thin ones what is read, dotted
 * ones rules about pods.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaid(model: DeploymentModel): string {
  const nodes = nodesOf(model);
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const idOf = (id: string) => ids.get(id) ?? missing(id);
  const group = (name: Node['group'], title: string) => {
    const members = nodes.filter((node) => node.group === name);
    if (members.length === 0) return [];
    const lines = members.map((node) => `    ${idOf(node.id)}${shape(node)}:::${name}`);
    return [`  subgraph ${name}["${escaped(title)}"]`, ...lines, '  end'];
  };
  const { namespace, title } = model;
  return `${[
    'flowchart LR',
    `  accTitle: ${escaped(title)} in namespace ${escaped(namespace)}`,
    `  accDescr: ${isolationText(model)}`,
    ...group('caller', 'who may call'),
    ...group('made', `${title} in namespace ${namespace}`),
    ...group('provided', 'provided by the operator'),
    ...group('called', 'what the pods call'),
    ...model.relations.map(({ from, to, label, sort }) => {
      const text = label === '' ? '' : `|"${escaped(label)}"|`;
      return `  ${idOf(from)} ${ARROWS[sort]}${text} ${idOf(to)}`;
    }),
    '  classDef provided stroke-dasharray: 5 3',
  ].join('\n')}\n`;
}

function nodesOf({ objects, peers }: DeploymentModel): readonly Node[] {
  return [
    ...objects.map(({ id, kind, name, namespace, isProvided, facts }): Node => ({
      id,
      group: isProvided ? 'provided' : 'made',
      title: kind,
      details: [
        `${name}${namespace === null ? '' : ` in ${namespace}`}`,
        // Keys are on the arrows.
        ...(isProvided ? [] : facts),
      ],
    })),
    ...peers.map(({ id, side, name, facts }): Node => {
      return { id, group: side, title: name, details: facts };
    }),
  ];
}

function shape({ title, details, group }: Node): string {
  const text = `"<b>${escaped(title)}</b><br/>${details.map(escaped).join('<br/>')}"`;
  return group === 'made' || group === 'provided' ? `[${text}]` : `([${text}])`;
}

/** Entities of Mermaid, for what would end a text or be markup. */
function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,:/=_()'-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

function missing(id: string): never {
  throw new TypeError(`no node ${id}`);
}
