import { type DemoRucio, startDemoRucio } from '../../server/demo/start-demo-rucio';
import { type RealRucio, startRealRucio } from '../support/real-rucio/start-real-rucio';
import { describeWith } from '../support/requirements';
import { answerTo, tokenFor } from './answer';
import { expectAnswer } from './expect-answer';
import { WRITE_SCENARIOS } from './write-scenarios';

describeWith('real-rucio', 'a real Rucio and the demo change alike', (dir) => {
  describe.each(Object.entries(WRITE_SCENARIOS))('%s', (_, calls) => {
    let real: RealRucio;
    let demo: DemoRucio;
    const tokens = new Map<string, { real: string; demo: string }>();

    beforeAll(async () => {
      [real, demo] = await Promise.all([startRealRucio(dir), startDemoRucio()]);
      for (const account of ['root', 'jdoe', 'robot'] as const) {
        tokens.set(account, {
          real: await tokenFor(real.url, account),
          demo: await tokenFor(demo.url, account),
        });
      }
    }, 60_000);
    afterAll(() => Promise.all([real.stop(), demo.close()]));

    test.each(calls.map((call) => [call.title, call] as const))('%s', async (_title, call) => {
      const token = tokens.get(call.as ?? 'root');
      const truth = await answerTo(real.url, call, token?.real);
      expectAnswer(truth, call);
      expect(await answerTo(demo.url, call, token?.demo)).toEqual(truth);
    });
  });
});
