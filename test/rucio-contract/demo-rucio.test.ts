import { type DemoRucio, startDemoRucio } from '../../server/demo/start-demo-rucio';
import { ALL_CALLS } from './all-calls';
import { answerTo, tokenFor } from './answer';
import { expectAnswer } from './expect-answer';

describe('the demo Rucio keeps the contract', () => {
  let demo: DemoRucio;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    demo = await startDemoRucio();
    for (const account of ['root', 'jdoe', 'robot'] as const) {
      tokens.set(account, await tokenFor(demo.url, account));
    }
  });
  afterAll(() => demo.close());

  describe.each(Object.entries(ALL_CALLS))('%s', (_, calls) => {
    test.each(calls.map((call) => [call.title, call] as const))('%s', async (_title, call) => {
      expectAnswer(await answerTo(demo.url, call, tokens.get(call.as ?? 'root')), call);
    });
  });
});
