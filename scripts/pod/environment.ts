import { ENVIRONMENT } from '../../lib/contract/endpoints';
import { expandReferences } from './expand';
import { PodError } from './pod-error';
import type { Container } from './pod-spec';

export interface ProcessSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * What to run for a container: its own command, arguments and environment and nothing of ours,
 * save the directory that stands for its root.
 *
 * @throws {PodError} when the command is not `node`: there is no image to take a program from
 */
export function processOf(container: Container, root: string): ProcessSpec {
  const env: Record<string, string> = {};
  for (const { name, value } of container.env) env[name] = expandReferences(value ?? '', env);
  const [command = '', ...args] = [...container.command, ...container.args].map((text) =>
    expandReferences(text, env),
  );
  if (command !== 'node') {
    throw new PodError(`the container runs "${command}"; without its image, only node can be run`);
  }
  return { program: process.execPath, args, env: { ...env, [ENVIRONMENT.filesRoot]: root } };
}
