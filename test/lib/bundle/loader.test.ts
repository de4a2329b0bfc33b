import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LOADER } from '../../../lib/bundle/loader';
import type { Bundle } from '../../../lib/bundle/manifest';
import { packBundle } from '../../../lib/bundle/pack';
import { ORIGIN } from '../synth';
import { smallBundle } from '../synth';

let root: string;
let bundle: Bundle;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rucio-mcp-loader-'));
  bundle = smallBundle();
  mkdirSync(join(root, 'bundle'));
  for (const { file, content } of bundle.chunks) writeFileSync(join(root, 'bundle', file), content);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function load(env: Record<string, string> = {}): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', LOADER], {
    encoding: 'utf8',
    env: {
      RUCIO_MCP_FILES_ROOT: root,
      RUCIO_MCP_BUNDLE_DIR: '/bundle',
      RUCIO_MCP_BUNDLE_SHA256: bundle.sha256,
      RUCIO_MCP_BUNDLE_CHUNKS: String(bundle.chunks.length),
      ...env,
    },
  });
  return { code: status, out: stdout, err: stderr };
}

function expectRefusal(result: ReturnType<typeof load>, why: string): void {
  expect(result).toEqual({
    code: 1,
    out: '',
    err: `rucio-mcp: the server bundle was refused: ${why}\n`,
  });
}

test('runs the server from its chunks, under the name of a file', () => {
  expect(bundle.chunks.map(({ file }) => file)).toEqual(['00.br', '01.br']);
  expect(load()).toEqual({ code: 0, out: `started ${root}/bundle/server.cjs`, err: '' });
});

test('looks below / without a files root', () => {
  const result = load({ RUCIO_MCP_FILES_ROOT: '', RUCIO_MCP_BUNDLE_DIR: join(root, 'bundle') });
  expect(result.out).toBe(`started ${root}/bundle/server.cjs`);
});

test('does not mind the links that Kubernetes puts beside the files', () => {
  mkdirSync(join(root, 'bundle/..2026_11_25'));
  mkdirSync(join(root, 'bundle/..data'));
  expect(load().code).toBe(0);
});

test('hands on an error of the server itself, with its stack', () => {
  bundle = packBundle(Buffer.from("throw new Error('from the server');"), ORIGIN);
  writeFileSync(join(root, 'bundle/00.br'), bundle.chunks[0]!.content);
  rmSync(join(root, 'bundle/01.br'));
  const result = load();
  expect(result.code).toBe(1);
  expect(result.err).toContain('from the server');
  expect(result.err).toContain('/bundle/server.cjs:1');
});

test('refuses a missing chunk', () => {
  rmSync(join(root, 'bundle/01.br'));
  expectRefusal(load(), `missing chunk 01.br in ${root}/bundle`);
});

test('refuses a missing directory', () => {
  rmSync(join(root, 'bundle'), { recursive: true });
  expectRefusal(load(), `can not list ${root}/bundle (ENOENT)`);
});

test('refuses an extra chunk', () => {
  writeFileSync(join(root, 'bundle/02.br'), 'more');
  expectRefusal(load(), `unexpected file 02.br in ${root}/bundle`);
});

test('refuses reordered chunks', () => {
  renameSync(join(root, 'bundle/00.br'), join(root, 'kept'));
  renameSync(join(root, 'bundle/01.br'), join(root, 'bundle/00.br'));
  renameSync(join(root, 'kept'), join(root, 'bundle/01.br'));
  const result = load();
  expect(result.code).toBe(1);
  expect(result.err).toMatch(
    /^rucio-mcp: the server bundle was refused: the chunks are damaged or in a wrong order \(\w+\)\n$/,
  );
});

test('refuses another server, even a complete one', () => {
  const other = packBundle(Buffer.from("process.stdout.write('other');"), ORIGIN, {
    maxChunkBytes: 20,
  });
  expect(other.chunks).toHaveLength(2);
  for (const { file, content } of other.chunks) writeFileSync(join(root, 'bundle', file), content);
  expectRefusal(load(), `wrong digest ${other.sha256}, the Deployment wants ${bundle.sha256}`);
});

test.each(['', '0', 'many', '1.5'])('refuses %j as the number of chunks', (count) => {
  expectRefusal(
    load({ RUCIO_MCP_BUNDLE_CHUNKS: count }),
    'RUCIO_MCP_BUNDLE_CHUNKS is not a number of chunks',
  );
});

test('holds no $(NAME), which Kubernetes would replace in an argument', () => {
  expect(LOADER).not.toContain('$(');
});
