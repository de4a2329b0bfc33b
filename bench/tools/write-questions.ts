import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { startDemoRucio } from '../../server/demo/start-demo-rucio';
import { QUESTIONS } from './questions';
import { askRucio } from './questions/ask-rucio';
import { type Beside, questionsPage } from './questions/markdown';
import { runQuestion } from './questions/run-question';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'docs/questions.md');
const PYTHON_FIGURES = join(ROOT, 'bench/tools/questions/python-figures.json');
const FIGURES = join(ROOT, 'bench/tools/questions/figures.json');

/** Writes docs/questions.md and the figures, from the chains as they run now on the demo or `url`. */
async function main(url: string | undefined): Promise<void> {
  const demo = url === undefined ? await startDemoRucio() : undefined;
  const rucio = askRucio(url ?? demo?.url ?? '');
  try {
    const answered = [];
    for (const question of QUESTIONS) {
      answered.push(await runQuestion(question, await rucio.ask(question.account)));
    }
    const python = JSON.parse(await readFile(PYTHON_FIGURES, 'utf8')) as Record<string, Beside>;
    const page = questionsPage(answered, python);
    const options = await resolveConfig(PAGE);
    await writeFile(PAGE, await format(page, { ...options, filepath: PAGE }));
    const figures = Object.fromEntries(
      answered.map(({ question, calls, tokens }) => [
        question.number,
        { calls: calls.length, tokens },
      ]),
    );
    const json = JSON.stringify(figures);
    await writeFile(FIGURES, await format(json, { ...options, filepath: FIGURES }));
    console.log(`${answered.length} questions; ${(await readFile(PAGE)).length} bytes of docs`);
  } finally {
    await rucio.close();
    await demo?.close();
  }
}

await main(process.argv[2]);
