import { kerberosProblem } from '../../../server/rucio/sign-in/kerberos-problem';
import { KerberosError } from '../../../server/rucio/sign-in/kerberos-token';

const NONE = 'No credentials were supplied, or the credentials were unavailable or inaccessible. ';

/** What MIT Kerberos 1.20 says, as curl 7.88 hands it on; Heimdal's where that is named. */
test.each([
  [
    `${NONE}SPNEGO cannot find mechanisms to negotiate. `,
    /no Kerberos ticket, and no key/,
    'run kinit',
  ],
  [`${NONE}Cannot contact any KDC for realm 'A.B'. `, /No Kerberos server/, 'VPN'],
  [`${NONE}Cannot find KDC for realm "A.B". `, /No Kerberos server/, 'krb5.conf'],
  ['unable to reach any KDC in realm A.B (Heimdal)', /No Kerberos server/, 'krb5.conf'],
  [`${NONE}Clock skew too great. `, /clocks/, 'NTP'],
  [`${NONE}Client 'robot@A.B' not found in Kerberos database. `, /know the principal/, 'klist'],
  ['Server HTTP/x@A.B not found in Kerberos database. ', /knows no service/, 'auth_host'],
  [`${NONE}Preauthentication failed. `, /not the current one/, 'run kinit again'],
  [`${NONE}Decrypt integrity check failed. `, /not the current one/, 'run kinit again'],
  [`${NONE}Client's entry in database has expired. `, /expired or is locked/, 'renewed'],
  [`${NONE}Client's credentials have been revoked. `, /expired or is locked/, 'renewed'],
  [`${NONE}Password has expired. `, /expired or is locked/, 'renewed'],
  ['Ticket expired. ', /ticket has expired/, 'run kinit'],
  [`${NONE}KDC has no support for encryption type. `, /no encryption type/, 'permitted_enctypes'],
  [`${NONE}Improper format of Kerberos configuration file. `, /configuration of/, 'KRB5_CONFIG'],
  ['Something new. ', /gave no ticket/, 'klist'],
])('%s', (words, what, fix) => {
  const error = new KerberosError('no token', { words });
  const forUser = kerberosProblem(error, 'user');
  expect(forUser.what).toMatch(what);
  expect(forUser.next).toContain(fix);
  expect(forUser.why).toContain('Kerberos says: ');
  const forCaller = kerberosProblem(error, 'robot');
  expect(forCaller.what).toBe(forUser.what);
  expect(forCaller.next).toContain("ask the server's operator to ");
  // Callers are told nothing that came from elsewhere; the log has it.
  expect(forCaller.publicMessage).not.toContain('A.B');
});
