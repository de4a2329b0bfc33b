import { startRealRucio } from '../support/real-rucio/start-real-rucio';
import { describeWith } from '../support/requirements';
import { testsOfTheQuestions } from './questions-on';

describeWith('real-rucio', 'the questions, on a real Rucio', (directory) => {
  testsOfTheQuestions(() => startRealRucio(directory), { writes: true });
});
