import { AppError, type ErrorCode } from '../../errors';
import { cleanMessage } from '../untrusted-text';
import type { KerberosError } from './kerberos-token';

/** Whose credentials they are: those of the server's robot, or the ticket of whoever runs it. */
export type KerberosOwner = 'robot' | 'user';

interface Problem {
  readonly code: Extract<ErrorCode, 'LOGIN' | 'RUCIO_DOWN'>;
  readonly what: string;
  /** What to do, after "ask the server's operator to" and by itself. */
  readonly fix: Readonly<Record<KerberosOwner, string>>;
}

const UNREACHABLE: Problem = {
  code: 'RUCIO_DOWN',
  what: 'No Kerberos server (KDC) of the realm could be reached.',
  fix: {
    robot:
      'check krb5.conf (gss.krb5ConfKey) or the SRV records of the realm, and port 88 of the KDC',
    user: 'check the network, whether a VPN is needed, and krb5.conf',
  },
};

/** By what MIT Kerberos and Heimdal say, without translation; what is more precise stands first. */
const PROBLEMS: readonly (readonly [RegExp, Problem])[] = [
  [
    /cannot (contact any|find|resolve \S+ \S+ for) kdc|unable to reach any kdc|network address/i,
    UNREACHABLE,
  ],
  [
    /clock skew/i,
    {
      code: 'LOGIN',
      what: 'The clocks of this computer and of Kerberos differ too much.',
      fix: {
        robot: 'set the clock of the node, best by NTP',
        user: 'set the clock of this computer, best by NTP',
      },
    },
  ],
  [
    /client .*not found in kerberos database|client .*unknown/i,
    {
      code: 'LOGIN',
      what: 'Kerberos does not know the principal that wants to sign in.',
      fix: {
        robot: 'check its name and realm in gss.principal, and make its keytab anew',
        user: 'check the principal with klist, and run kinit again',
      },
    },
  ],
  [
    /server .*not found in kerberos database|server .*unknown|cannot find .*realm/i,
    {
      code: 'LOGIN',
      what: 'Kerberos knows no service of the authentication server.',
      fix: {
        robot:
          'check whether authHost takes Kerberos under this name, and rdns and ' +
          'dns_canonicalize_hostname in krb5.conf',
        user: 'check auth_host, and rdns and dns_canonicalize_hostname in krb5.conf',
      },
    },
  ],
  [
    /preauthentication failed|integrity check failed|password incorrect|key version/i,
    {
      code: 'LOGIN',
      what: 'Kerberos does not accept the key: it is not the current one of the principal.',
      fix: {
        robot: 'make the keytab anew; a new password or keytab makes earlier ones useless',
        user: 'run kinit again',
      },
    },
  ],
  [
    /entry in database has expired|revoked|locked|password has expired|password expired/i,
    {
      code: 'LOGIN',
      what: 'The Kerberos principal has expired or is locked.',
      fix: {
        robot: 'have the principal renewed by whoever runs the realm',
        user: 'have it renewed by whoever runs the realm, then run kinit',
      },
    },
  ],
  [
    /ticket .*expired/i,
    {
      code: 'LOGIN',
      what: 'The Kerberos ticket has expired.',
      fix: { robot: 'check the clock of the node', user: 'run kinit' },
    },
  ],
  [
    /encryption type|etype/i,
    {
      code: 'LOGIN',
      what: 'Kerberos has no encryption type in common with the key.',
      fix: {
        robot: 'make the keytab anew with AES keys, and check permitted_enctypes in krb5.conf',
        user: 'check permitted_enctypes in krb5.conf, and run kinit again',
      },
    },
  ],
  [
    /configuration file|profile/i,
    {
      code: 'LOGIN',
      what: 'The configuration of Kerberos can not be used.',
      fix: {
        robot: 'check the krb5.conf in the Secret',
        user: 'check krb5.conf, or the file that KRB5_CONFIG names',
      },
    },
  ],
  [
    /no credentials were supplied|no kerberos credentials|credentials? cache|cannot find mechanisms/i,
    {
      code: 'LOGIN',
      what: 'There is no Kerberos ticket, and no key to get one with.',
      fix: {
        robot: 'check that the server may read the keytab in its Secret',
        user: 'run kinit; klist shows the tickets that there are',
      },
    },
  ],
];

const OTHER: Problem = {
  code: 'LOGIN',
  what: 'Kerberos gave no ticket for the authentication server.',
  fix: {
    robot: "look at the server's log: it has the words of Kerberos",
    user: 'run kinit, then try again; klist shows the tickets that there are',
  },
};

const NOT_RUN: Problem = {
  code: 'LOGIN',
  what: 'Kerberos could not be asked on this computer.',
  fix: {
    robot: "look at the server's log: memory, processes or open files may have run short",
    user: 'check that curl can be run, and that memory and open files have not run short',
  },
};

const CLOSING: Problem = {
  code: 'RUCIO_DOWN',
  what: 'The sign-in was stopped, since the server stops.',
  fix: { robot: 'start it again, or call again: another one may answer', user: 'start it again' },
};

/** What a failure of Kerberos means, and who can mend it how. */
export function kerberosProblem(error: KerberosError, owner: KerberosOwner): AppError {
  const { words } = error;
  const { code, what, fix } = problemOf(error);
  const said = owner === 'user' ? cleanMessage(words) : '';
  const isKnown = error.reason === 'timeout' || error.reason === 'notRun';
  return new AppError(code, {
    what,
    why: isKnown ? `${error.message}.` : said === '' ? undefined : `Kerberos says: ${said}`,
    next: owner === 'robot' ? `ask the server's operator to ${fix.robot}` : fix.user,
    cause: error,
  });
}

function problemOf({ reason, words }: KerberosError): Problem {
  switch (reason) {
    case 'timeout':
      return UNREACHABLE;
    case 'notRun':
      return NOT_RUN;
    case 'closing':
      return CLOSING;
    case 'refused':
      return PROBLEMS.find(([pattern]) => pattern.test(words))?.[1] ?? OTHER;
  }
}
