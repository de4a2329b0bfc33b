import { setTimeout as sleep } from 'node:timers/promises';

/** Between two looks, in milliseconds. */
const PAUSE_MS = 100;
/** Enough for any machine; an endless wait would keep jest from ending. */
const MAX_LOOKS = 300;

/**
 * Asks again until the answer is yes.
 *
 * @throws {Error} when it never is
 */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await isSo()); looks++) {
    if (looks === MAX_LOOKS) throw new Error('what the test waits for did not happen');
    await sleep(PAUSE_MS);
  }
}
