import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { METRICS } from '../../../lib/contract/metrics';
import { panelsOf } from '../../../lib/monitoring/panels';
import { OTHER_METRICS } from '../../../lib/monitoring/promql';

const ROOT = join(__dirname, '../../..');
/** Words of the titles of the tests that make each trouble happen. */
const TESTS: Readonly<Record<string, RegExp>> = {
  '10,000 idle connections': /10,000 idle connections keep nobody out/,
  'too few open files': /may open 64 files serves through a crowd/,
  'out of file descriptors': /recovers when none is left/,
  'SIGTERM during calls': /SIGTERM during 100 streams that do not end/,
  'the clock is set': /the clock is set while users are signed in/,
  'a configuration that is changed': /configuration is changed under a running pod/,
  'a bearer that is rotated': /the bearer is rotated under load/,
  'a credential of the robot is rotated': /robot's credential is rotated under load/,
  'a full disk': /the disk is full/,
  'Redis is gone': /Redis is killed: who is in stays in/,
  'Prometheus is down': /Prometheus is down: no series is added/,
  'Rucio is down or hangs': /nothing else waits for the call that hangs/,
};

const rows = readFileSync(join(ROOT, 'docs/trouble.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| trouble') && !/^\| -/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, trouble = '', , metric = '', panel = '']) => ({
    trouble,
    metric: metric.replaceAll('`', ''),
    panel,
  }));

const titles = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /^(e2e|oidc)\/.*\.test\.ts$/.test(file))
  .map((file) => readFileSync(join(ROOT, 'test', file), 'utf8'))
  .join('\n');

test('the table has every trouble that a test makes', () => {
  expect(rows.map(({ trouble }) => trouble).sort()).toEqual(Object.keys(TESTS).sort());
});

test.each(rows)('$trouble: $metric tells of it in "$panel"', ({ trouble, metric, panel }) => {
  expect(titles).toMatch(TESTS[trouble] ?? /$^/);
  const known = [
    ...Object.values(METRICS).map(({ name }) => name),
    ...Object.values(OTHER_METRICS),
  ];
  expect(known).toContain(metric);
  const found = panelsOf('rucio-mcp').find(({ title }) => title === panel);
  const queries = found === undefined || found.type === 'row' ? [] : found.targets;
  expect(queries.map(({ expr }) => expr).join('\n')).toMatch(new RegExp(`\\b${metric}\\b`));
});
