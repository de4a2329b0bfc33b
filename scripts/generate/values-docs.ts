import { type SchemaNode, valuesSchema } from '../../lib/cli/explain/values-schema';

const HEAD = `# Values

Generated from the schema in \`lib/contract/values/\` by \`npm run generate\`; do not edit.

Values files are YAML, as for Helm. Several files (\`-f\`) are merged: maps key by key, lists as a
whole. For completion and checks in an editor, put this on the first line of a values file:
\`# yaml-language-server: $schema=values.schema.json\`.
`;

interface Row {
  readonly path: string;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
}

/** One table a section, one row a value. */
export function valuesDocs(): string {
  const sections = Object.entries(valuesSchema().properties ?? {});
  const single = sections.filter(([, node]) => !isSection(node));
  const tables = [
    `## Single values\n\n${table(single.flatMap(([name, node]) => rows(name, node)))}`,
    ...sections
      .filter(([, node]) => isSection(node))
      .map(([name, node]) => {
        const intro = node.description === undefined ? '' : `${node.description}.\n\n`;
        return `## ${name}\n\n${intro}${table(rows(name, node))}`;
      }),
  ];
  return `${[HEAD, ...tables].join('\n').trimEnd()}\n`;
}

function isSection(node: SchemaNode): boolean {
  return node.properties !== undefined || node.oneOf !== undefined;
}

function rows(path: string, node: SchemaNode, inherited?: unknown): Row[] {
  const arms = node.oneOf ?? [];
  if (arms.length > 0) return armRows(path, node, arms);
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([key, inner]) =>
      rows(`${path}.${key}`, inner, (node.default as Record<string, unknown> | undefined)?.[key]),
    );
  }
  const fallback = node.default ?? inherited;
  return [
    {
      path,
      type: typeOf(node),
      fallback: fallback === undefined ? '' : code(JSON.stringify(fallback)),
      description: node.description ?? '',
    },
  ];
}

/** A union: the discriminator once, with all its words, then what each arm adds. */
function armRows(path: string, node: SchemaNode, arms: readonly SchemaNode[]): Row[] {
  const [key = 'kind'] = Object.keys(arms[0]?.properties ?? {});
  const words = arms.map((arm) => arm.properties?.[key]?.const);
  const chosen = (node.default as Record<string, unknown> | undefined)?.[key];
  return [
    {
      path: `${path}.${key}`,
      type: words.map((word) => code(JSON.stringify(word))).join(', '),
      fallback: chosen === undefined ? '' : code(JSON.stringify(chosen)),
      description: node.description ?? '',
    },
    ...arms.flatMap((arm, index) =>
      Object.entries(arm.properties ?? {})
        .filter(([name]) => name !== key)
        .flatMap(([name, inner]) => rows(`${path}.${name}`, inner))
        .map((row) => ({
          ...row,
          description: `With ${key} ${String(words[index])}: ${row.description}`,
        })),
    ),
  ];
}

function typeOf(node: SchemaNode): string {
  if (node.const !== undefined) return code(JSON.stringify(node.const));
  if (node.enum !== undefined)
    return node.enum.map((word) => code(JSON.stringify(word))).join(', ');
  if (node.anyOf !== undefined) {
    // "" stands for "not set"; the default column shows it.
    const types = node.anyOf.filter((arm) => arm.const !== '').map(typeOf);
    return [...new Set(types)].join(' or ');
  }
  if (node.type === 'array')
    return `list of ${node.items === undefined ? 'any' : typeOf(node.items)}`;
  if (node.type === 'object') return 'map';
  if (node.minimum !== undefined && node.maximum !== undefined && node.type === 'integer') {
    return `${node.minimum} to ${node.maximum}`;
  }
  return node.type ?? 'any';
}

function table(lines: readonly Row[]): string {
  const body = lines.map(({ path, type, fallback, description }) =>
    [code(path), type, fallback, description].map(cell).join(' | '),
  );
  return [
    '| Value | Type | Default | Meaning |',
    '|---|---|---|---|',
    ...body.map((line) => `| ${line} |`),
    '',
  ].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
