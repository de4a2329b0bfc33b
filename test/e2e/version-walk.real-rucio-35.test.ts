import { describeWith } from '../support/requirements';
import { testsOfAVersion } from './version-walk';

describeWith('real-rucio-35', 'Rucio 35, by values, synth, pod and MCP client', testsOfAVersion);
