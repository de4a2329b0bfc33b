import { join } from 'node:path';

/** Tests and the load measurement run in the project's directory, as different kinds of modules. */
const file = (name: string) => join(process.cwd(), 'test/support/tls', name);

/** Of servers on loopback addresses: a certificate that is its own authority, and its key. */
export const CA_FILE = file('loopback-cert.pem');
export const KEY_FILE = file('loopback-key.pem');
