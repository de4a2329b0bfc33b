import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const TSX = createRequire(__filename).resolve('tsx/cli');
const RUN = join(__dirname, '../../bench/load/run.ts');
const ARGS = ['--users', '3', '--seconds', '1', '--pause', '100', '--delay', '1'];

test('the load measurement signs users in, calls, and reports without an error', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [TSX, RUN, ...ARGS]);
  const rows = stdout
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const [head = [], , ...measured] = rows;
  const column = (name: string) => measured.map((row) => row[head.indexOf(name)]);
  expect(column('who')).toEqual(
    ['oidc', 'sharedSecret', 'floor (undici)'].flatMap((who) => [who, who]),
  );
  expect(column('errors')).toEqual(measured.map(() => '0'));
  expect(column('calls').every((calls) => Number(calls) >= 3)).toBe(true);
  expect(stdout).not.toContain('NaN');
}, 180_000);
