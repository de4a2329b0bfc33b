import { startDemoRucio } from '../../server/demo/start-demo-rucio';
import { testsOfTheWholePath } from './six-tools';

describe('values, synth, pod, MCP client and the demo Rucio', () => {
  testsOfTheWholePath(async () => {
    const demo = await startDemoRucio();
    return { url: demo.url, stop: () => demo.close() };
  });
});
