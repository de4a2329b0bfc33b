/**
 * A session that the stub knows from its start. As long as the JWT of an identity provider, which is
 * what Rucio hands out after such a login.
 */
export const STUB_TOKEN = 'root-'.padEnd(1200, 'x');
