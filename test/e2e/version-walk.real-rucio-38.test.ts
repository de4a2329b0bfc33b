import { describeWith } from '../support/requirements';
import { testsOfAVersion } from './version-walk';

describeWith('real-rucio-38', 'Rucio 38, by values, synth, pod and MCP client', testsOfAVersion);
