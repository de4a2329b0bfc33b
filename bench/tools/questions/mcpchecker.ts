import { stringify } from 'yaml';

import type { Question } from './question';

/** Calls beyond those of the chain that a real agent may make. */
const SPARE_CALLS = 6;
const FOLDER = 'bench/mcpchecker';
const HEAD = '# Made by npm run generate from bench/tools/questions.\n';

/** A file below the root of the repository. */
interface TaskFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The questions as tasks of mcpchecker, which lets real agents answer them: a judge looks for the facts
 * in what the agent says.
 *
 * @see https://github.com/mcpchecker/mcpchecker
 */
export function mcpcheckerFiles(questions: readonly Question[]): TaskFile[] {
  return [
    ...questions.map((question) => ({
      path: `${FOLDER}/tasks/${nameOf(question)}.yaml`,
      text: HEAD + stringify(taskOf(question)),
    })),
    {
      path: `${FOLDER}/eval.yaml`,
      text: HEAD + stringify(evalOf(questions), { aliasDuplicateObjects: false }),
    },
  ];
}

function nameOf({ number, question }: Question): string {
  const words = question.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return [String(number).padStart(2, '0'), ...words.slice(0, 6)].join('-');
}

function taskOf(question: Question) {
  const { account, about, facts, writes } = question;
  return {
    kind: 'Task',
    metadata: {
      name: nameOf(question),
      labels: { suite: writes === true ? 'write' : 'read' },
      difficulty: question.calls > 2 ? 'hard' : question.calls > 1 ? 'medium' : 'easy',
    },
    steps: {
      prompt: {
        inline: [
          `You work for the Rucio account ${account}.`,
          question.question,
          ...(about === undefined ? [] : [`It is about ${about}.`]),
          'Use the tools, and report what they tell with its exact names and numbers.',
        ].join(' '),
      },
      verify: { contains: wordsOf(facts).join(', ') },
    },
  };
}

/** The names and numbers of the facts; what is only true or false says nothing by itself. */
function wordsOf(facts: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(facts).flatMap(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).filter(
      (word) => typeof word === 'string' || typeof word === 'number',
    );
    return values.length === 0 ? [] : [`${name} ${values.join(' ')}`];
  });
}

function evalOf(questions: readonly Question[]) {
  const calls = (isWrite: boolean) =>
    Math.max(...questions.filter((q) => (q.writes === true) === isWrite).map((q) => q.calls));
  const tools = [{ server: 'rucio', toolPattern: 'rucio_.*' }];
  return {
    kind: 'Eval',
    metadata: { name: 'rucio-questions' },
    config: {
      agent: { type: 'builtin.claude-code' },
      llmJudge: {
        env: {
          baseUrlKey: 'JUDGE_BASE_URL',
          apiKeyKey: 'JUDGE_API_KEY',
          modelNameKey: 'JUDGE_MODEL_NAME',
        },
      },
      taskSets: [false, true].map((isWrite) => ({
        glob: 'tasks/*.yaml',
        labelSelector: { suite: isWrite ? 'write' : 'read' },
        assertions: {
          toolsUsed: tools,
          minToolCalls: 1,
          maxToolCalls: calls(isWrite) + SPARE_CALLS,
        },
      })),
    },
  };
}
