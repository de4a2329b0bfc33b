import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { neededRequirements } from './global-setup';
import { PROVISIONS_VARIABLE, type Provisions, requirementsOf } from './requirements';

const ROOT = join(__dirname, '../..');

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'rucio-mcp-requirements-'));
  await mkdir(join(project, 'test', 'deep'), { recursive: true });
});
afterEach(() => rm(project, { recursive: true }));

test('the name of a file tells its requirements', () => {
  expect(requirementsOf('test/a/b.real-rucio.test.ts')).toEqual(['real-rucio']);
  expect(requirementsOf('a.real-rucio.chromium.test.ts')).toEqual(['real-rucio', 'chromium']);
  expect(requirementsOf('server.conformance.test.ts')).toEqual(['conformance']);
  expect(requirementsOf('server.test.ts')).toEqual([]);
  expect(requirementsOf('conformance.test.ts')).toEqual([]);
  expect(requirementsOf('a.unknown.test.ts')).toEqual([]);
});

describe('only selected files count', () => {
  beforeEach(async () => {
    for (const name of ['a.test.ts', 'b.conformance.test.ts', 'deep/c.real-rucio.test.ts']) {
      await writeFile(join(project, 'test', name), '');
    }
  });
  const selection = (pattern: RegExp) => ({
    rootDir: project,
    runTestsByPath: false,
    nonFlagArgs: [],
    testPathPatterns: { toExecutor: () => ({ isMatch: (path: string) => pattern.test(path) }) },
  });

  test.each([
    ['everything', /./, ['real-rucio', 'conformance']],
    ['one file', /b\.conf/, ['conformance']],
    ['a folder', /deep\//, ['real-rucio']],
    ['a file that needs nothing', /a\.test/, []],
  ])('%s', (_what, pattern, expected) => {
    expect(neededRequirements(selection(pattern))).toEqual(expected);
  });

  test('files by path', () => {
    const nonFlagArgs = ['test/deep/c.real-rucio.test.ts'];
    const byPath = { ...selection(/nothing/), runTestsByPath: true, nonFlagArgs };
    expect(neededRequirements(byPath)).toEqual(['real-rucio']);
  });
});

describe('a suite whose requirement', () => {
  /** Runs jest on one suite that needs a real Rucio, with what the global setup would tell it. */
  async function runSuite(provisions: Provisions, ci: string) {
    const source = `
      import { describeWith } from '${join(__dirname, 'requirements')}';
      describeWith('real-rucio', 'suite', (path) => {
        test('runs', () => expect(path).toBe('/there'));
      });`;
    await writeFile(join(project, 'test', 'a.real-rucio.test.ts'), source);
    const config = {
      rootDir: project,
      transform: { '^.+\\.ts$': [join(ROOT, 'node_modules/@swc/jest'), SWC] },
      testMatch: ['**/*.test.ts'],
      cacheDirectory: join(project, 'cache'),
    };
    const args = ['--config', JSON.stringify(config), '--json', '--runInBand'];
    const env = {
      PATH: process.env['PATH'],
      CI: ci,
      [PROVISIONS_VARIABLE]: JSON.stringify(provisions),
    };
    const stdout = await new Promise<string>((resolve) => {
      const program = join(ROOT, 'node_modules/jest/bin/jest.js');
      execFile(process.execPath, [program, ...args], { cwd: project, env }, (_error, text) =>
        resolve(text),
      );
    });
    const { testResults } = JSON.parse(stdout) as {
      testResults: { assertionResults: { status: string; title: string }[] }[];
    };
    return testResults[0]?.assertionResults.map(({ status, title }) => [status, title]);
  }
  const SWC = { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } };
  const missing = { 'real-rucio': { reason: 'python3 is missing' } };
  const title = 'needs real-rucio: python3 is missing';

  test('is there runs', async () => {
    const result = await runSuite({ 'real-rucio': { path: '/there' } }, 'true');
    expect(result).toEqual([['passed', 'runs']]);
  });

  test('is missing is skipped with the reason', async () => {
    expect(await runSuite(missing, '')).toEqual([['pending', title]]);
  });

  test('is missing fails with CI=true', async () => {
    expect(await runSuite(missing, 'true')).toEqual([['failed', title]]);
  });

  test('was not asked for is skipped with what to do', async () => {
    const [[status, told] = []] = (await runSuite({}, '')) ?? [];
    expect(status).toBe('pending');
    expect(told).toContain('must end in .real-rucio.test.ts');
  });
});
