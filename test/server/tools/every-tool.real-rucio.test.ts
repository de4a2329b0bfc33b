import { startRealRucio } from '../../support/real-rucio/start-real-rucio';
import { describeWith } from '../../support/requirements';
import { rucioOnReal } from '../../support/rucio-on-real';
import { testEveryTool } from './every-tool';

describeWith('real-rucio', 'every tool with a real Rucio', (directory) => {
  testEveryTool(async () => {
    const real = await startRealRucio(directory);
    const rucio = await rucioOnReal(real, 'root');
    const stop = async () => {
      await rucio.close();
      await real.stop();
    };
    return { rucio, version: real.version, stop };
  });
});
