import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { stringify } from 'yaml';

import type { ValuesInput } from '../../lib/contract/values/values';

/** Manifests carry the compressed server; more than this they never are. In bytes. */
const MAX_OUTPUT = 16 * 1024 * 1024;

export interface SynthesizeOptions {
  /** The synth command that the build made: `dist/main.js`. */
  readonly program: string;
  readonly values: ValuesInput;
  readonly name?: string;
}

/** Synth refused the values; the message is what it told. */
export class SynthError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SynthError';
  }
}

/**
 * Runs the synth command as a user would, with a values file.
 *
 * @returns all manifests, as one YAML text
 * @throws {SynthError} when the command ends with another code than 0
 */
export async function synthesize(options: SynthesizeOptions): Promise<string> {
  const { program, values, name = 'rucio-mcp' } = options;
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-values-'));
  try {
    const file = join(directory, 'values.yaml');
    await writeFile(file, stringify(values));
    const args = [program, '-f', file, '--name', name, '--output', '-'];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: directory,
      env: {},
      maxBuffer: MAX_OUTPUT,
    });
    return stdout;
  } catch (error) {
    throw new SynthError(`synth failed: ${messageOf(error)}`, { cause: error });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function messageOf(error: unknown): string {
  const told = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return told === '' ? String(error) : told;
}
