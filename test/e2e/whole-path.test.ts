import { IMITATED_VERSION } from '../../server/demo/routes/ping';
import { startDemoRucio } from '../../server/demo/start-demo-rucio';
import { testsOfTheWholePath } from './six-tools';

describe('values, synth, pod, MCP client and the demo Rucio', () => {
  testsOfTheWholePath(async () => {
    const demo = await startDemoRucio();
    return { url: demo.url, version: IMITATED_VERSION, stop: () => demo.close() };
  });
});
