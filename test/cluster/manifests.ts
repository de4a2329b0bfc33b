import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

import { stringify } from 'yaml';

import type { ValuesInput } from '../../lib/contract/values/values';
import { writeServerBundle } from '../../scripts/build/write-server-bundle';
import { SYNTH } from '../e2e/demo-pod';
import { runCommand } from '../support/real-rucio/run-command';
import { SETTINGS } from './cluster';

const ROOT = join(__dirname, '../..');

/** What synth has made of values. */
export interface Made {
  /** The file for `kubectl apply -f`. */
  readonly file: string;
  /** What synth told the operator. */
  readonly notes: string;
}

export interface SynthRequest {
  /** `dist/main.js` of some version. */
  readonly program: string;
  readonly valuesFiles: readonly string[];
  /** Laid over them. */
  readonly values: ValuesInput;
  readonly namespace: string;
  /** Where manifests go. */
  readonly directory: string;
}

/** Runs the synth command as an operator does. */
export async function synth(request: SynthRequest): Promise<Made> {
  const { program, valuesFiles, values, namespace, directory } = request;
  const overlay = `${directory}.values.yaml`;
  await mkdir(dirname(overlay), { recursive: true });
  await writeFile(overlay, stringify(values));
  const files = [...valuesFiles, overlay].flatMap((file) => ['-f', file]);
  const args = [program, ...files, '--namespace', namespace, '--output', directory];
  const child = spawn(process.execPath, args, { env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [notes, code] = await Promise.all([text(child.stderr), closed]);
  if (code !== 0) throw new Error(`synth ended with ${code}:\n${notes}`);
  const file = /^wrote (.+)$/m.exec(notes)?.[1];
  if (file === undefined) throw new Error(`synth wrote nothing:\n${notes}`);
  return { file, notes };
}

/** The commands that the notes tell under a heading. */
export function commandsOf({ notes }: Made, heading: string): string[] {
  const [, block = ''] =
    new RegExp(`## ${heading}\\n\\n\`\`\`sh\\n([^\`]*)\`\`\``).exec(notes) ?? [];
  return block.split('\n').filter((line) => line !== '');
}

/** The synth command of another version of this project. */
export interface OtherVersion {
  readonly program: string;
  readonly what: string;
  close(): Promise<void>;
}

/**
 * The version that is upgraded from: a commit that the caller names, built from its own sources; or
 * this one with another server bundle, so that every ConfigMap of the server has another name.
 */
export async function previousVersion(): Promise<OtherVersion> {
  const commit = process.env[SETTINGS.previous] ?? '';
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-previous-'));
  if (commit === '') {
    const dist = join(directory, 'dist');
    await cp(join(SYNTH, '..'), dist, { recursive: true });
    appendFileSync(join(dist, 'server.cjs'), '\n// the previous version\n');
    writeServerBundle(dist);
    return {
      program: join(dist, 'main.js'),
      what: 'this commit with another server bundle',
      close: () => rm(directory, { recursive: true, force: true }),
    };
  }
  const tree = join(directory, 'tree');
  const git = (...args: string[]) => runCommand('git', args, { cwd: ROOT });
  await git('worktree', 'add', '--detach', tree, commit);
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  await runCommand(join(ROOT, 'node_modules/.bin/tsx'), ['scripts/build.ts'], { cwd: tree });
  return {
    program: join(tree, 'dist/main.js'),
    what: `commit ${(await git('rev-parse', '--short', commit)).trim()}`,
    close: async () => {
      await git('worktree', 'remove', '--force', tree);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
