import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(__dirname, '../..');

/** The synth commands of a guide, each in one line. */
function commandsOf(guide: string): readonly string[] {
  const text = readFileSync(join(repository, 'docs', guide), 'utf8');
  return [...text.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .filter((line) => line.startsWith('node dist/main.js'));
}

const commands = commandsOf('operators.md');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rucio-mcp-docs-'));
  for (const name of ['dist', 'examples']) symlinkSync(join(repository, name), join(root, name));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the guide has commands', () => {
  expect(commands.length).toBeGreaterThan(7);
});

test.each(commands)('%s', (command) => {
  const { status, stderr } = spawnSync('sh', ['-c', command], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect({ status, problem: status === 0 ? '' : stderr }).toEqual({ status: 0, problem: '' });
  const output = /--output deploy/.test(command)
    ? 'deploy/staging/kustomization.yaml'
    : 'manifests';
  const writes = !/explain|--show-only|--output -/.test(command);
  expect(existsSync(join(root, output))).toBe(writes);
});

test('day two: synth, then what diff tells of a change, with its exit code', () => {
  const run = (command: string) =>
    spawnSync('sh', ['-c', command], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
  const found = commandsOf('day-two.md').map((command) => ({ command, ...run(command) }));
  expect(found.map(({ command, status }) => [command.includes(' diff '), status])).toEqual([
    [false, 0],
    [true, 1],
  ]);
  // What the guide shows is what is told.
  const guide = readFileSync(join(repository, 'docs/day-two.md'), 'utf8');
  const [, shown = ''] = /```text\n(rucio-mcp in namespace[^`]*)```/.exec(guide) ?? [];
  const hideDigests = (text: string) => text.replaceAll(/\b[0-9a-f]{12}\b/g, '<digest>');
  expect(hideDigests(found[1]?.stdout ?? '')).toBe(hideDigests(shown));
});

test('every file that the guides link to is there', () => {
  for (const name of ['operators.md', 'migrate-from-helm.md', 'day-two.md']) {
    const text = readFileSync(join(repository, 'docs', name), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)\)/g)) {
      expect({ link, exists: existsSync(join(repository, 'docs', link)) }).toEqual({
        link,
        exists: true,
      });
    }
  }
});
