import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { STOCK_NODE } from '../../../lib/constructs/image';
import { freePorts } from '../../../scripts/pod/free-ports';
import { startDemoRucio } from '../../../server/demo/start-demo-rucio';
import { testDocument } from '../../support/test-document';

/** No builder of images is needed: its steps are what they are anywhere, but for the base images. */
const ROOT = join(__dirname, '../../..');

interface Instruction {
  readonly name: string;
  readonly text: string;
}

function instructions(): Instruction[] {
  return readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split(' ');
      return { name, text: rest.join(' ') };
    });
}

const all = instructions();
const of = (name: string): string[] =>
  all.filter((one) => one.name === name).map(({ text }) => text);
const finalStage = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
const finalOf = (name: string) => finalStage.find((one) => one.name === name)?.text ?? '';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rucio-mcp-image-'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('both base images are pinned by digest, and the first is the one of the pods', () => {
  const images = of('ARG').map((text) => text.split('=').slice(1).join('='));
  expect(images).toHaveLength(2);
  for (const image of images) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  expect(images[0]).toBe(STOCK_NODE);
  expect(of('FROM')).toEqual(['${BUILD_IMAGE} AS build', '${RUN_IMAGE}']);
});

test('the user of the image is no root, and nothing in it can be written by that user', () => {
  expect(finalOf('USER')).toBe('65532:65532');
  for (const one of finalStage.filter(({ name }) => name === 'COPY')) {
    expect(one.text).toMatch(/--chown=0:0 --chmod=0444/);
  }
});

test('its steps, one after the other, give a server that starts as that user and is ready', async () => {
  const source = join(folder, 'src');
  // COPY . . takes what is not ignored; of the repository that is what git knows, or would take.
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: ROOT });
  for (const file of files.toString().split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(source, file)), { recursive: true });
    cpSync(join(ROOT, file), join(source, file));
  }
  // RUN npm ci: the same packages by the same lockfile.
  expect(of('RUN')).toEqual(['npm ci --ignore-scripts --no-audit --no-fund', 'npm run build']);
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  execFileSync('npm', ['run', 'build'], { cwd: source, stdio: 'pipe' });

  const image = join(folder, 'image');
  const copied = finalOf('COPY')
    .split(' ')
    .filter((word) => word.startsWith('/'));
  const target = join(image, copied.pop() ?? '');
  mkdirSync(target, { recursive: true });
  for (const path of copied) {
    cpSync(join(folder, path), join(target, basename(path)));
    chmodSync(join(target, basename(path)), 0o444);
  }
  expect(readFileSync(join(image, 'app/server.cjs'))).toEqual(
    readFileSync(join(ROOT, 'dist/server.cjs')),
  );

  const [program = '', ...rest] = [
    ...(JSON.parse(finalOf('ENTRYPOINT')) as string[]),
    ...(JSON.parse(finalOf('CMD')) as string[]),
  ];
  expect(program).toBe('/nodejs/bin/node');
  await expectReady(rest.map((word) => (word.startsWith('/') ? join(image, word) : word)));
}, 120_000);

/** Runs Node with these arguments as the user of the image, where root can. */
async function expectReady(args: readonly string[]): Promise<void> {
  const rucio = await startDemoRucio();
  const made = await testDocument(rucio.url);
  const file = join(folder, 'server.json');
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const listen = { host: '127.0.0.1', port, metricsHost: '127.0.0.1', metricsPort };
  writeFileSync(file, JSON.stringify({ ...made.document, listen, logLevel: 'info' }));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync('chmod', ['-R', 'a+rX', join(made.bearerFile, '../..'), folder]);
  const child = spawn(process.execPath, args, {
    env: { RUCIO_MCP_CONFIG: file, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isRoot ? { uid: 65532, gid: 65532 } : {}),
  });
  try {
    const url = await urlOf(child);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    await rucio.close();
    await made.cleanUp();
  }
}

/** @throws {Error} with what the server says when it ends before it is ready */
async function urlOf(child: ChildProcess): Promise<string> {
  let errors = '';
  child.stderr?.on('data', (data: Buffer) => (errors += data.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the server ended: ${errors}`)));
    if (child.stdout === null) throw new TypeError('its output is not read');
    createInterface(child.stdout).on('line', (line) => {
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
      if (msg === 'rucio-mcp is ready' && url !== undefined) resolve(url);
    });
  });
}
