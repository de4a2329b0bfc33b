import { startRealRucio } from '../../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../../support/requirements';
import { rucioOnReal } from '../../../support/rucio-on-real';
import { testChanges } from './changes';

describeWith('real-rucio', 'changes of rules with a real Rucio', (directory) => {
  testChanges(async () => {
    const real = await startRealRucio(directory);
    const [prodsys, root, jdoe] = await Promise.all([
      rucioOnReal(real, 'prodsys'),
      rucioOnReal(real, 'root'),
      rucioOnReal(real, 'jdoe'),
    ]);
    const stop = async () => {
      await Promise.all([prodsys.close(), root.close(), jdoe.close()]);
      await real.stop();
    };
    return { prodsys, root, jdoe, stop };
  });
});
