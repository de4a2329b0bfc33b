import type { KubectlAnswer } from '../../../support/fake-kubectl';

export type Answers = Record<string, KubectlAnswer>;
/** Changes what a kubectl says. */
export type Change = (answers: Answers) => void;

/** Beginnings of the commands whose answers tests change. */
export const [CONFIG, DEPLOYMENTS, PODS] = [
  'get configmap rucio-mcp-config',
  'get deployments',
  'get pods',
];

/** Names of the pods that were looked into. */
export function podsIn(answers: Answers): string[] {
  return Object.keys(answers).flatMap((key) => (key.startsWith('exec ') ? key.slice(5) : []));
}

/** The answer to the command that begins so. */
export function answerTo(answers: Answers, start: string): KubectlAnswer {
  const found = Object.entries(answers).find(([key]) => key.startsWith(start))?.[1];
  if (found === undefined) throw new Error(`nothing is recorded of ${start}`);
  return found;
}

/** The value at a place. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce((inner: unknown, key) => (inner as Record<string, unknown>)[key], value);
}

/**
 * Another value at a place of an answer.
 *
 * @param path - keys, with spaces between them
 * @param value - or what makes one of the old one
 */
export function edit(start: string, path: string, value: unknown): Change {
  return (answers) => {
    const keys = path.split(' ');
    const last = keys.pop() ?? '';
    const place = at(answerTo(answers, start).stdout, keys) as Record<string, unknown>;
    place[last] = typeof value === 'function' ? (value as Update)(place[last]) : value;
  };
}
type Update = (old: unknown) => unknown;

/** Another answer, or one to a command that is not recorded. */
export function answer(start: string, other: KubectlAnswer): Change {
  return (answers) => {
    const key = Object.keys(answers).find((one) => one.startsWith(start)) ?? start;
    answers[key] = other;
  };
}
