import { startDemoRucio } from '../../../../server/demo/start-demo-rucio';
import { rucioOnReal } from '../../../support/rucio-on-real';
import { testChanges } from './changes';

describe('changes of rules with the demo Rucio', () => {
  testChanges(async () => {
    const demo = await startDemoRucio();
    const [prodsys, root, jdoe] = await Promise.all([
      rucioOnReal(demo, 'prodsys'),
      rucioOnReal(demo, 'root'),
      rucioOnReal(demo, 'jdoe'),
    ]);
    const stop = async () => {
      await Promise.all([prodsys.close(), root.close(), jdoe.close()]);
      await demo.close();
    };
    return { prodsys, root, jdoe, stop };
  });
});
