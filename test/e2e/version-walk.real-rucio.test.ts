import { describeWith } from '../support/requirements';
import { testsOfAVersion } from './version-walk';

describeWith(
  'real-rucio',
  'the chosen Rucio, by values, synth, pod and MCP client',
  testsOfAVersion,
);
