import type { AnsweredQuestion, MadeCall } from './run-question';

const HEAD = `# Questions and the calls that answer them

Each chain is executed by a test on the demo and on a real Rucio with the same data
(\`test/bench/questions*.test.ts\`): the facts must be found, in no more calls than are listed here.
Ids and tokens that Rucio or the server make are written \`<…>\`. \`npm run questions\` writes this
page.
`;

const BESIDE = `## Beside the Python server

Calls and tokens (o200k) of what a host shows to the model, on the same real Rucio. Tokens are those of
a chain without a mistake; facts are those that the answers tell. The chains of the Python server
(\`rucio-mcp\` 0.10.0) are in \`bench/tools/questions/python-chains.ts\`, and a test runs them.
`;

/** What the Python server needed for a question. */
export interface Beside {
  readonly calls: number;
  readonly tokens: number;
  readonly found: readonly string[];
}

/**
 * The page about all questions.
 *
 * @param python - figures of the Python server by number of the question
 */
export function questionsPage(
  answered: readonly AnsweredQuestion[],
  python: Readonly<Record<string, Beside>>,
): string {
  return [HEAD, ...answered.map(questionSection), BESIDE, table(answered, python)].join('\n');
}

function table(
  answered: readonly AnsweredQuestion[],
  python: Readonly<Record<string, Beside>>,
): string {
  const rows = answered.map(({ question, calls, tokens, found }) => {
    const all = Object.keys(found).length;
    const beside = python[String(question.number)];
    const ours = [calls.length, tokens, `${all} of ${all}`];
    const theirs =
      beside === undefined
        ? ['', '', '']
        : [beside.calls, beside.tokens, `${beside.found.length} of ${all}`];
    return `| ${[question.number, ...ours, ...theirs].join(' | ')} |`;
  });
  return [
    '| question | our calls | tokens | facts | Python calls | tokens | facts |',
    '| --: | --: | --: | --- | --: | --: | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** What the page says of one question. */
export function questionSection({ question, calls, found }: AnsweredQuestion): string {
  const facts = Object.entries(found).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return [
    `## ${question.number}. ${question.question}`,
    '',
    ...calls.map((call, index) => `${index + 1}. \`${written(call)}\``),
    '',
    `Found: ${facts.map((fact) => `\`${fact}\``).join(', ')}`,
    '',
  ].join('\n');
}

function written({ tool, args }: MadeCall): string {
  const given = Object.entries(args).map(([name, value]) => `${name}=${shown(name, value)}`);
  return `${tool}(${given.join(', ')})`;
}

function shown(name: string, value: unknown): string {
  if (name === 'plan' || name === 'confirm') return `<${name}>`;
  if (name === 'rule_id') return '<id>';
  return JSON.stringify(value);
}
