import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A bundle of certification authorities, and how to be rid of it. */
export interface CaBundle {
  /** `undefined`: Node's own authorities. */
  readonly file: string | undefined;
  readonly remove: () => void;
}

const NOTHING_TO_REMOVE = () => undefined;

/**
 * The authorities at a path as one file. Of a directory, as grids have it, every `*.pem` and `*.0` is
 * taken, each once.
 *
 * @throws {Error} when the path can not be read or has no certificate
 */
export function caBundle(path: string | undefined): CaBundle {
  if (path === undefined) return { file: undefined, remove: NOTHING_TO_REMOVE };
  if (!statSync(path).isDirectory()) return { file: path, remove: NOTHING_TO_REMOVE };
  const names = readdirSync(path).filter((name) => /\.(pem|\d)$/.test(name));
  const texts = new Set(names.map((name) => readFileSync(join(path, name), 'utf8').trim()));
  const certificates = [...texts].filter((text) => text.includes('BEGIN CERTIFICATE'));
  if (certificates.length === 0) throw new Error(`there is no certificate in ${path}`);
  const directory = mkdtempSync(join(tmpdir(), 'rucio-mcp-ca-'));
  const file = join(directory, 'bundle.pem');
  writeFileSync(file, `${certificates.join('\n')}\n`);
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
