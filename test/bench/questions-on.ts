import { QUESTIONS } from '../../bench/tools/questions';
import type { Ask } from '../../bench/tools/questions/question';
import type { ToolName } from '../../lib/contract/tools';
import { type RucioOnReal, rucioOnReal } from '../support/rucio-on-real';
import { runTool } from '../support/run-tool';

interface SeededRucio {
  readonly url: string;
  stop(): Promise<void>;
}

/** Defines one test a question, on a Rucio that has the data of the demo. */
export function testsOfTheQuestions(
  start: () => Promise<SeededRucio>,
  { writes }: { readonly writes: boolean },
): void {
  let rucio: SeededRucio;
  const clients = new Map<string, RucioOnReal>();
  beforeAll(async () => {
    rucio = await start();
    for (const account of ['jdoe', 'root']) {
      clients.set(account, await rucioOnReal(rucio, account));
    }
  }, 120_000);
  afterAll(async () => {
    for (const client of clients.values()) await client.close();
    await rucio.stop();
  }, 60_000);

  const questions = QUESTIONS.filter((question) => writes || question.writes !== true);
  test.each(questions)('$number. $question', async ({ account, ask, calls, facts }) => {
    const made: ToolName[] = [];
    const call: Ask = async (tool, args = {}) => {
      made.push(tool);
      const client = clients.get(account);
      if (client === undefined) throw new Error(`nobody is signed in as ${account}`);
      return runTool(tool, args, client, { account, readOnly: false });
    };
    expect(await ask(call)).toEqual(facts);
    expect(made.length).toBeLessThanOrEqual(calls);
  });
}
