import type { AnsweredQuestion, MadeCall } from './run-question';

const HEAD = `# Questions and the calls that answer them

Each chain is executed by a test on the demo and on a real Rucio with the same data
(\`test/bench/questions*.test.ts\`): the facts must be found, in no more calls than are listed here.
Ids and tokens that Rucio or the server make are written \`<…>\`. \`npm run questions\` writes this
page.
`;

/** The page about all questions. */
export function questionsPage(answered: readonly AnsweredQuestion[]): string {
  return [HEAD, ...answered.map(questionSection)].join('\n');
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
