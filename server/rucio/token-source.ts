import { rootCertificates } from 'node:tls';

import type { ServerAuth } from '../../lib/contract/server-document';
import { AppError } from '../errors';
import type { RucioHttp, TlsOptions } from './http';
import { type Session, type SessionDeps, SharedSession, type TokenSource } from './session';
import { CredentialError, CredentialFile, type RobotSecret } from './sign-in/credential-file';
import { gssLogin } from './sign-in/gss';
import type { KerberosEnvironment } from './sign-in/kerberos-token';
import { oidcLogin } from './sign-in/oidc';
import type { CheckedCredentials, RobotLogin } from './sign-in/robot-login';
import { samlLogin } from './sign-in/saml';
import { sshLogin } from './sign-in/ssh';
import { userpassLogin } from './sign-in/userpass';
import { x509Login } from './sign-in/x509';

/** The robot of `sharedSecret` mode: which account, and how it signs in. */
export type Robot = Pick<Extract<ServerAuth, { mode: 'sharedSecret' }>, 'account' | 'credentials'>;

export interface TokenSourceDeps extends SessionDeps {
  /** HTTP to the site's authentication server. */
  readonly authHttp: RucioHttp;
  /** The same with a client certificate; whoever makes it closes it. */
  readonly authHttpWith: (tls: TlsOptions) => RucioHttp;
  /** PEM of the site's certification authorities; default: Node's own. */
  readonly ca: string | undefined;
  readonly timeoutMs: number;
  readonly onSecretReload?: SecretReload;
  /** For the Kerberos library. @default - empty: curl is looked for where the system has its programs */
  readonly kerberos?: KerberosEnvironment | undefined;
  /** Aborted when nobody waits any more. */
  readonly closing?: AbortSignal;
}

/** Told when a secret file was read again; `secret` is what it holds, not its path. */
export type SecretReload = (secret: RobotSecret, outcome: 'ok' | 'error') => void;

/** The robot's session, shared by all callers. */
export interface RobotSession {
  readonly tokens: TokenSource;
  /**
   * Reads and checks the credentials without a server.
   *
   * @throws {ConfigError} that names the file and tells what is wrong with it
   */
  readonly check: () => Promise<CheckedCredentials>;
}

export function createRobotSession(robot: Robot, deps: TokenSourceDeps): RobotSession {
  const login = robotLogin(robot, deps);
  return {
    tokens: new SharedSession(() => signIn(login), deps),
    check: async () => {
      try {
        return await login.check();
      } catch (error) {
        throw error instanceof CredentialError ? error.toConfigError() : error;
      }
    },
  };
}

async function signIn(login: RobotLogin): Promise<Session> {
  try {
    return await login.login();
  } catch (error) {
    if (error instanceof CredentialError) throw error.toAppError();
    if (error instanceof AppError) throw error;
    throw new AppError('LOGIN', {
      what: 'The robot could not sign in at Rucio.',
      next: "ask the server's operator to look at its log",
      cause: error,
    });
  }
}

function robotLogin({ account, credentials }: Robot, deps: TokenSourceDeps): RobotLogin {
  const clock = deps.clock ?? Date.now;
  const file = fileMaker(deps, clock);
  const context = { account, clock, http: deps.authHttp };
  switch (credentials.type) {
    case 'userpass':
      return userpassLogin({
        ...context,
        username: file('usernameFile', credentials.usernameFile, 'rucio-username', 'user name'),
        password: file('passwordFile', credentials.passwordFile, 'rucio-password', 'password'),
      });
    case 'x509':
      return x509Login({
        ...context,
        view: 'x509',
        connect: deps.authHttpWith,
        certificate: file('certFile', credentials.certFile, 'rucio-certificate', 'certificate'),
        key: file('keyFile', credentials.keyFile, 'rucio-key', 'private key'),
      });
    case 'x509_proxy': {
      const proxy = file('proxyFile', credentials.proxyFile, 'rucio-proxy', 'proxy certificate');
      return x509Login({
        ...context,
        view: 'x509_proxy',
        connect: deps.authHttpWith,
        certificate: proxy,
        key: proxy,
      });
    }
    case 'ssh':
      return sshLogin({
        ...context,
        privateKey: file('privateKeyFile', credentials.privateKeyFile, 'rucio-ssh-key', 'SSH key'),
      });
    case 'oidc':
      return oidcLogin({
        ...credentials,
        site: deps.authHttp.site.name,
        clock,
        clientId: file('clientIdFile', credentials.clientIdFile, 'rucio-client-id', 'client id'),
        clientSecret: file(
          'clientSecretFile',
          credentials.clientSecretFile,
          'rucio-client-secret',
          'client secret',
        ),
        ca: providerAuthorities(deps.ca),
        timeoutMs: deps.timeoutMs,
      });
    case 'saml':
      return samlLogin({
        ...context,
        identityProvider: credentials.identityProvider,
        username: file('usernameFile', credentials.usernameFile, 'rucio-username', 'user name'),
        password: file('passwordFile', credentials.passwordFile, 'rucio-password', 'password'),
        ca: providerAuthorities(deps.ca),
        timeoutMs: deps.timeoutMs,
        closing: deps.closing,
      });
    case 'gss': {
      const { principal, keytabFile, krb5ConfFile } = credentials;
      const { kerberos: environment = {}, timeoutMs, closing } = deps;
      return gssLogin({
        ...context,
        principal,
        environment,
        timeoutMs,
        closing,
        keytab: file('keytabFile', keytabFile, 'rucio-keytab', 'keytab'),
        krb5Conf:
          krb5ConfFile === null
            ? undefined
            : new CredentialFile({ field: 'krb5ConfFile', noun: 'krb5.conf', path: krb5ConfFile }),
      });
    }
  }
}

/**
 * Whom a connection to an identity provider trusts, PEM: its certificate is often of a public
 * authority, Rucio's of the experiment's.
 */
export function providerAuthorities(ca: string | undefined): string[] | undefined {
  return ca === undefined ? undefined : [...rootCertificates, ca];
}

function fileMaker({ onSecretReload }: TokenSourceDeps, clock: () => number) {
  return (field: string, path: string, secret: RobotSecret, noun: string) =>
    new CredentialFile({
      field,
      noun,
      path,
      clock,
      onReload: (outcome) => onSecretReload?.(secret, outcome),
    });
}
