import { setTimeout as sleep } from 'node:timers/promises';

/** Between two looks, in milliseconds. */
const PAUSE_MS = 100;

/** Asks again until the answer is yes. That it never is, the limit of the test finds. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(PAUSE_MS);
}
