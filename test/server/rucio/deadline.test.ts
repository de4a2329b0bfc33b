import { Deadline } from '../../../server/rucio/deadline';

const FAR_MS = 3_600_000;

test('a deadline that is ended aborts what still goes on, and not because of the time', () => {
  const deadline = new Deadline([], FAR_MS);
  deadline.end();
  expect(deadline.signal.aborted).toBe(true);
  expect(deadline.signal.reason).toMatchObject({ name: 'AbortError' });
  expect(deadline.hasPassed).toBe(false);
});

test('a deadline that is released follows nobody any more', () => {
  const parent = new AbortController();
  const deadline = new Deadline([parent.signal], FAR_MS);
  deadline.release();
  parent.abort();
  expect(deadline.signal.aborted).toBe(false);
});

test('a deadline has the reason of the parent that was aborted, also before it began', () => {
  const gone = AbortSignal.abort('gone');
  const deadline = new Deadline([new AbortController().signal, gone], FAR_MS);
  expect(deadline.signal.reason).toBe('gone');
  deadline.release();
});
