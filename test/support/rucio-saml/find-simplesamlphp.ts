import { access } from 'node:fs/promises';

import { findCommand } from '../find-command';

/** Where Debian's package has it. */
const HOME = '/usr/share/simplesamlphp';

/**
 * Where SimpleSAMLphp 1.19 is, and PHP with what it needs.
 *
 * @throws {Error} whose message says what to install
 */
export async function findSimpleSamlPhp(): Promise<string> {
  await findCommand(['php'], 'php-cli');
  await access(`${HOME}/www/saml2/idp/SSOService.php`).catch((cause: unknown) => {
    throw new Error(
      `${HOME} is not there (Debian: apt install simplesamlphp php-xml php-mbstring)`,
      {
        cause,
      },
    );
  });
  return HOME;
}
