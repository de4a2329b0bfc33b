import { type DemoRucio, startDemoRucio } from '../../server/demo/start-demo-rucio';
import { answerTo, tokenFor } from './answer';
import { expectAnswer } from './expect-answer';
import { WRITE_SCENARIOS } from './write-scenarios';

describe.each(Object.entries(WRITE_SCENARIOS))('the demo Rucio: %s', (_, calls) => {
  let demo: DemoRucio;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    demo = await startDemoRucio();
    for (const account of ['root', 'jdoe', 'robot'] as const) {
      tokens.set(account, await tokenFor(demo.url, account));
    }
  });
  afterAll(() => demo.close());

  test.each(calls.map((call) => [call.title, call] as const))('%s', async (_title, call) => {
    expectAnswer(await answerTo(demo.url, call, tokens.get(call.as ?? 'root')), call);
  });
});
