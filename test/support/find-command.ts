import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * The path of the first of these commands that this computer has. Nothing is installed: these are
 * packages of the system, which a test run does not change.
 *
 * @param names - spellings of the command, best first
 * @param debianPackage - what provides it on Debian and its kin, for the message
 * @param elsewhere - directories to look in besides those of PATH
 * @throws {Error} whose message says what to install
 */
export async function findCommand(
  names: readonly string[],
  debianPackage: string,
  elsewhere: readonly string[] = [],
): Promise<string> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const directories = [...onPath, ...elsewhere];
  for (const name of names) {
    for (const directory of directories) {
      const path = join(directory, name);
      if (await isExecutable(path)) return path;
    }
  }
  throw new Error(`${names.join(' or ')} is not on PATH (Debian: apt install ${debianPackage})`);
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
