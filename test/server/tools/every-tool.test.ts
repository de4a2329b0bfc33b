import { IMITATED_VERSION } from '../../../server/demo/routes/ping';
import { startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { rucioOnReal } from '../../support/rucio-on-real';
import { testEveryTool } from './every-tool';

describe('every tool with the demo Rucio', () => {
  testEveryTool(async () => {
    const demo = await startDemoRucio();
    const rucio = await rucioOnReal(demo, 'root');
    const stop = async () => {
      await rucio.close();
      await demo.close();
    };
    return { rucio, version: IMITATED_VERSION, stop };
  });
});
