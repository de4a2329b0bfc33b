import { access } from 'node:fs/promises';

import { findCommand } from '../find-command';

/** Where programs of a system are that an ordinary user does not have on PATH. */
export const SYSTEM_PROGRAMS = ['/usr/sbin', '/sbin', '/usr/local/sbin'];

const NEEDED: readonly (readonly [command: string, debianPackage: string])[] = [
  ['krb5kdc', 'krb5-kdc'],
  ['kdb5_util', 'krb5-kdc'],
  ['kadmin.local', 'krb5-admin-server'],
  ['kinit', 'krb5-user'],
  ['curl', 'curl'],
  ['apache2', 'apache2'],
];
const MODULES = '/usr/lib/apache2/modules';

/**
 * Looks for MIT Kerberos, and for an Apache that takes it.
 *
 * @returns the directory of Apache's modules
 * @throws {Error} whose message says what to install
 */
export async function ensureKerberos(): Promise<string> {
  for (const [command, debianPackage] of NEEDED) {
    await findCommand([command], debianPackage, SYSTEM_PROGRAMS);
  }
  await access(`${MODULES}/mod_auth_gssapi.so`).catch(() => {
    throw new Error(
      'Apache has no mod_auth_gssapi (Debian: apt install libapache2-mod-auth-gssapi)',
    );
  });
  return MODULES;
}
