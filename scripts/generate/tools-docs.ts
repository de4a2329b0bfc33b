import { createHash } from 'node:crypto';
import { format } from 'prettier';

import { ToolSelection } from '../../lib/contract/server-document';
import { TOOLS, TOOL_NAMES, type ToolEntry, type ToolName } from '../../lib/contract/tools';
import { TOOLSETS, type Toolset } from '../../lib/contract/toolsets';
import { buildCatalogue } from '../../server/mcp/catalogue';
import { ALL_TOOLS } from '../../server/tools';
import { parseInput } from '../../server/tools/input';
import { openDemoTools } from './demo-tools';
import { type CallTool, EXAMPLES } from './tool-examples';

/** The moment at which the examples are made; they must not change with the day. */
const NOW = Date.UTC(2026, 10, 26, 4);
/** Rows of a table that are shown. */
const SHOWN_ROWS = 3;
/** A sealed token is another one each time. */
const SEALED = /eyJ[\w-]+(?:\.[\w-]*){4}/g;

const HEAD = `# Tools

Generated from \`lib/contract/tools.ts\` and \`server/tools/\` by \`npm run generate\`; do not edit. The
answers are those of the demo Rucio; tables are cut after ${SHOWN_ROWS} rows.

Every answer is one compact JSON object. Lists have \`columns\` and \`rows\`; \`total\` is exact up to
10,000 entries, and \`next_offset\` is the \`offset\` of the next page, or null. A scope that all rows
share stands once, in \`scope\`. Bytes are exact: a number, a string of digits above 2^53, \`unlimited\`
where there is no limit. Times are UTC. What is not known is null. Errors are in
[errors.md](errors.md).

Names, arguments and defaults are those of the Python server; \`limit\` is at most 1000. Which tools are
listed: \`tools\` in the [values](values.md), and by each client with the request headers
\`X-MCP-Toolsets\` and \`X-MCP-Tools\` (comma-separated names) and \`X-MCP-Readonly: true\`. Headers only
ever narrow. A tool that is not listed can be called all the same, unless it is disabled.

Tools that change data are listed only where \`readOnly\` is false. Where a change is of weight, the
user has to agree: a client that can ask its user is sent the question; any other gets a \`confirm\`
token, good for ten minutes and for exactly these arguments. A call that is repeated changes nothing
a second time.
`;

/** The catalogue, a section a toolset, with an example of each tool. */
export async function toolsDocs(): Promise<string> {
  const realNow = Date.now;
  Date.now = () => NOW;
  try {
    const { call, close } = await openDemoTools(Date.now);
    try {
      const parts = [HEAD, table()];
      for (const [toolset, names] of sections()) {
        parts.push(`## ${toolset}\n`);
        for (const name of names) parts.push(await describe(name, call));
      }
      return await format(withStableIds(parts.join('\n')), {
        parser: 'markdown',
        printWidth: 100,
        embeddedLanguageFormatting: 'off',
      });
    } finally {
      await close();
    }
  } finally {
    Date.now = realNow;
  }
}

/** Ids of new rules are others each time: all ids are told in the order in which they appear. */
function withStableIds(text: string): string {
  const ids = new Map<string, string>();
  return text.replaceAll(/\b[0-9a-f]{32}\b/g, (id) => {
    const known = ids.get(id) ?? createHash('md5').update(`example ${ids.size}`).digest('hex');
    ids.set(id, known);
    return known;
  });
}

/** Each tool once, in its first toolset besides `core`. */
function sections(): [Toolset, ToolName[]][] {
  return TOOLSETS.filter((toolset) => toolset !== 'all' && toolset !== 'core').map((toolset) => [
    toolset,
    TOOL_NAMES.filter((name) => homeOf(name) === toolset),
  ]);
}

function homeOf(name: ToolName): Toolset {
  const { toolsets }: ToolEntry = TOOLS[name];
  return toolsets.find((toolset) => toolset !== 'core') ?? 'session';
}

function table(): string {
  const rows = TOOL_NAMES.map((name) => {
    const { toolsets, access, description }: ToolEntry = TOOLS[name];
    const sets = toolsets.map((toolset) => `\`${toolset}\``).join(', ');
    return `| [${name}](#${name}) | ${sets} | ${access} | ${cell(description)} |`;
  });
  return [
    '| tool | toolsets | access | what it answers |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

async function describe(name: ToolName, call: CallTool): Promise<string> {
  const { title, description, access, authMode }: ToolEntry = TOOLS[name];
  const notes = [
    ...(authMode === undefined ? [] : [`Only with \`auth.mode: ${authMode}\`.`]),
    ...(access === 'read' ? [] : ['Changes data.']),
  ].join(' ');
  return [
    `### ${name}\n`,
    `**${title}.** ${description} ${notes}\n`,
    argumentTable(name),
    await example(name, call),
  ].join('\n');
}

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
}

function argumentTable(name: ToolName): string {
  const { inputSchema } = listed(name);
  const properties = (inputSchema.properties ?? {}) as Record<string, Property>;
  const required = (inputSchema.required ?? []) as readonly string[];
  const names = Object.keys(properties);
  if (names.length === 0) return 'No arguments.\n';
  const defaults = defaultsOf(name, required);
  const rows = Object.entries(properties).map(([argument, { type, enum: words, description }]) => {
    const kind =
      words === undefined ? (type ?? 'any') : words.filter((word) => word !== '').join(', ');
    const fallback = required.includes(argument) ? 'required' : code(defaults[argument]);
    return `| \`${argument}\` | ${kind} | ${fallback} | ${cell(description ?? '')} |`;
  });
  return ['| argument | type | default | |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

/** The defaults as the server itself fills them in. */
function defaultsOf(name: ToolName, required: readonly string[]): Record<string, unknown> {
  const tool = toolOf(name);
  const shape = tool.input.shape as Record<string, { type?: string }>;
  const placeholders = required.map((argument) => [
    argument,
    shape[argument]?.type === 'number' ? 1 : 'x',
  ]);
  return parseInput(tool, Object.fromEntries(placeholders));
}

function listed(name: ToolName) {
  const { authMode = 'sharedSecret' }: ToolEntry = TOOLS[name];
  const options = { selection: ToolSelection.parse({}), readOnly: false, authMode };
  const { list } = buildCatalogue(ALL_TOOLS, options);
  const found = list.tools.find((tool) => tool.name === name);
  if (found === undefined) throw new Error(`${name} is not listed`);
  return found;
}

function toolOf(name: ToolName) {
  const tool = ALL_TOOLS.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`there is no tool ${name}`);
  return tool;
}

async function example(name: ToolName, call: CallTool): Promise<string> {
  const chosen = EXAMPLES[name];
  if (chosen === undefined) throw new Error(`scripts/generate/tool-examples.ts has no ${name}`);
  const { args, account } = chosen;
  const given = typeof args === 'function' ? await args(call) : args;
  const answer = await call(name, given, account);
  const asked = `With \`${JSON.stringify(given)}\`:`;
  return [asked, '', '```json', pretty(answer), '```', ''].join('\n');
}

/** One field a line, and one row a line. */
function pretty(answer: Record<string, unknown>): string {
  const fields = Object.entries(answer).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${lines(value)}`,
  );
  return `{\n${fields.join(',\n')}\n}`.replaceAll(SEALED, 'eyJhbGciOiJkaXIi…');
}

function lines(value: unknown): string {
  if (isTable(value)) {
    return `{ "columns": ${JSON.stringify(value.columns)}, "rows": ${rowLines(value.rows)} }`;
  }
  if (Array.isArray(value) && value.every(Array.isArray)) return rowLines(value);
  return JSON.stringify(value);
}

function rowLines(rows: readonly unknown[]): string {
  if (rows.length === 0) return '[]';
  const shown = rows.slice(0, SHOWN_ROWS).map((row) => `    ${JSON.stringify(row)}`);
  const rest = rows.length > SHOWN_ROWS ? ['    …'] : [];
  return `[\n${[...shown, ...rest].join(',\n')}\n  ]`;
}

function isTable(value: unknown): value is { columns: unknown; rows: unknown[] } {
  return typeof value === 'object' && value !== null && 'columns' in value && 'rows' in value;
}

function code(value: unknown): string {
  return value === undefined || value === '' ? '' : `\`${JSON.stringify(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
