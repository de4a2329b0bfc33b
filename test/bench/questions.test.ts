import { startDemoRucio } from '../../server/demo/start-demo-rucio';
import { testsOfTheQuestions } from './questions-on';

describe('the questions, on the demo', () => {
  testsOfTheQuestions(
    async () => {
      const demo = await startDemoRucio();
      return { url: demo.url, stop: () => demo.close() };
    },
    { writes: true },
  );
});
