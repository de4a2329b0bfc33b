import { describeWith } from '../support/requirements';
import { startRealRucio } from '../support/real-rucio/start-real-rucio';
import { testsOfTheWholePath } from './six-tools';

describeWith(
  'real-rucio',
  'values, synth, pod, MCP client and a real Rucio server',
  (directory) => {
    testsOfTheWholePath(() => startRealRucio(directory));
  },
);
