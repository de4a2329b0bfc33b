import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { QUESTIONS } from '../../bench/tools/questions';
import { type AskingRucio, askRucio } from '../../bench/tools/questions/ask-rucio';
import { questionSection } from '../../bench/tools/questions/markdown';
import { runQuestion } from '../../bench/tools/questions/run-question';

const ROOT = join(__dirname, '../..');

type Figures = Readonly<Record<string, { readonly calls: number; readonly tokens: number }>>;

interface SeededRucio {
  readonly url: string;
  stop(): Promise<void>;
}

/** Ids and dates differ from run to run, and so do their tokens, a little. */
const TOLERANCE = 1.05;
const SLACK_TOKENS = 25;
/** Most tokens of one answer: single things and composite tools, a page, a sealed plan besides. */
const MAX_ANSWER_TOKENS = 600;
const MAX_PAGE_TOKENS = 2200;
const PAGES = /^rucio_(?:list_|find_missing_files|add_rule|plan_rule)/;

/** Defines one test a question, on a Rucio that has the data of the demo. */
export function testsOfTheQuestions(
  start: () => Promise<SeededRucio>,
  { writes }: { readonly writes: boolean },
): void {
  let seeded: SeededRucio;
  let asking: AskingRucio;
  let page: string;
  let figures: Figures;
  beforeAll(async () => {
    seeded = await start();
    asking = askRucio(seeded.url);
    page = await readFile(join(ROOT, 'docs/questions.md'), 'utf8');
    const json = await readFile(join(ROOT, 'bench/tools/questions/figures.json'), 'utf8');
    figures = JSON.parse(json) as Figures;
  }, 120_000);
  afterAll(async () => {
    await asking.close();
    await seeded.stop();
  }, 60_000);

  const questions = QUESTIONS.filter((question) => writes || question.writes !== true);
  test.each(questions)('$number. $question', async (question) => {
    const answered = await runQuestion(question, await asking.ask(question.account));
    expect(answered.found).toEqual(question.facts);
    expect(answered.calls.length).toBeLessThanOrEqual(question.calls);

    const figure = figures[String(question.number)];
    expect(answered.calls).toHaveLength(figure?.calls ?? 0);
    const most = (figure?.tokens ?? 0) * TOLERANCE + SLACK_TOKENS;
    expect(answered.tokens).toBeLessThanOrEqual(most);
    for (const { tool, tokens } of answered.calls) {
      expect([tool, tokens <= (PAGES.test(tool) ? MAX_PAGE_TOKENS : MAX_ANSWER_TOKENS)]).toEqual([
        tool,
        true,
      ]);
    }
    expect(page.replaceAll(/\s+/g, ' ')).toContain(
      questionSection(answered).replaceAll(/\s+/g, ' ').trim(),
    );
  });
}
