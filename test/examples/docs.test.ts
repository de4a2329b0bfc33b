import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(__dirname, '../..');
const guide = readFileSync(join(repository, 'docs/operators.md'), 'utf8');

/** The synth commands of the guide, each in one line. */
const commands = [...guide.matchAll(/```sh\n(.*?)```/gs)]
  .flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
  .filter((line) => line.startsWith('node dist/main.js'));

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

test('every file that the guides link to is there', () => {
  for (const name of ['operators.md', 'migrate-from-helm.md']) {
    const text = readFileSync(join(repository, 'docs', name), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)\)/g)) {
      expect({ link, exists: existsSync(join(repository, 'docs', link)) }).toEqual({
        link,
        exists: true,
      });
    }
  }
});
