import { join } from 'node:path';

import { ensureNpmPackages } from './npm-packages';

/** The official conformance suite; the alphas are the ones that know revision 2026-07-28. */
const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';
/** A Node that the suite can run on, as an npm package. It needs 22 or newer. */
const NODE = 'node@24.21.0';
const SUITE_NODE_MAJOR = 22;

const hasNewNode = (): boolean => Number(process.versions.node.split('.')[0]) >= SUITE_NODE_MAJOR;

/**
 * Installs the suite, and a newer Node where the running one is too old for it.
 *
 * @throws {Error} whose message says why they can not be had
 */
export function ensureConformanceSuite(cache: string): Promise<string> {
  return ensureNpmPackages(cache, 'conformance', hasNewNode() ? [SUITE] : [SUITE, NODE]);
}

/** The program and first argument that start the suite which lies in `directory`. */
export function conformanceCommand(directory: string): [node: string, script: string] {
  const modules = join(directory, 'node_modules');
  const node = hasNewNode() ? process.execPath : join(modules, 'node', 'bin', 'node');
  return [node, join(modules, '@modelcontextprotocol', 'conformance', 'dist', 'index.js')];
}
