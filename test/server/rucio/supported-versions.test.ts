import { SUPPORTED_LINES, versionNote } from '../../../server/rucio/supported-versions';
import { IMITATED_VERSION } from '../../../server/demo/routes/ping';
import { NEWEST_VERSION, RUCIO_VERSIONS, majorOf } from '../../support/real-rucio/versions';

test('what is said to be supported is what tests can run against', () => {
  const { oldest, newest } = SUPPORTED_LINES;
  const lines = Array.from({ length: newest - oldest + 1 }, (_, index) => oldest + index);
  expect(RUCIO_VERSIONS.map(majorOf)).toEqual(lines);
  expect(RUCIO_VERSIONS.at(-1)).toBe(NEWEST_VERSION);
});

test('the demo imitates the newest release that tests run against', () => {
  expect(IMITATED_VERSION).toBe(NEWEST_VERSION);
});

test.each([
  ['1.31.7', 'it is older than 35'],
  ['34.6.0', 'it is older than 35'],
  ['42.0.0rc1', 'it is newer than 41'],
  ['main', 'it has no number'],
])('of %s it is told what is unusual', (version, note) => {
  expect(versionNote(version)).toContain(note);
});

test.each(['35.0.0', '38.6.4', '41.5.1', '41.0.0.post1'])('of %s nothing is said', (version) => {
  expect(versionNote(version)).toBeUndefined();
});
