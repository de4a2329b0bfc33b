import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { RealRucioManifest } from './manifest';
import { majorOf } from './versions';
import { ROOT_ACCOUNT, SEED_IDENTITIES } from '../../../server/demo/seed-accounts';

/** The first version whose generic schema takes `/` in names. */
const SLASHES_SINCE = 38;

/** Where things are in a directory that a Rucio server runs from. */
export function rucioPaths(dir: string): { config: string; alembic: string; database: string } {
  return {
    config: join(dir, 'rucio.cfg'),
    alembic: join(dir, 'alembic.ini'),
    database: join(dir, 'rucio.db'),
  };
}

/** Writes what a Rucio server needs to know, with its database in the same directory. */
export async function writeConfiguration(
  dir: string,
  { migrations, mailTemplates, version }: RealRucioManifest,
): Promise<void> {
  const paths = rucioPaths(dir);
  const url = `sqlite:///${paths.database}`;
  const root = SEED_IDENTITIES.find(({ accounts }) => accounts.includes(ROOT_ACCOUNT));
  if (root === undefined) throw new Error('the seed has no identity for the root account');
  await mkdir(dir, { recursive: true });
  await writeFile(
    paths.config,
    `[common]
loglevel = ERROR
mailtemplatedir = ${escapeIni(mailTemplates)}

[database]
default = ${escapeIni(url)}

[alembic]
cfg = ${escapeIni(paths.alembic)}

[bootstrap]
userpass_identity = ${root.username}
userpass_pwd = ${root.password}
userpass_email = ${root.email}
x509_identity = CN=Rucio Root,O=Demo
x509_email = ${root.email}
gss_identity = root@DEMO.EXAMPLE.ORG
gss_email = ${root.email}

[policy]
permission = generic
schema = generic
${majorOf(version) < SLASHES_SINCE ? 'package = slash_names' : ''}
`,
  );
  await writeFile(
    paths.alembic,
    `[alembic]
sqlalchemy.url = ${escapeIni(url)}
script_location = ${escapeIni(migrations)}

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARN
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic

[formatter_generic]
format = %(levelname)s %(message)s
`,
  );
}

/** Python's ini files interpolate `%`. */
function escapeIni(text: string): string {
  return text.replaceAll('%', '%%');
}
