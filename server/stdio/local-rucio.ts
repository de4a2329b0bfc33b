import { readFile } from 'node:fs/promises';

import { Limits } from '../../lib/contract/server-document';
import type { Site } from '../../lib/contract/sites';
import type { LocalCredentials, LocalSettings } from '../cli/local-settings';
import { AppError } from '../errors';
import { RucioClient, type SiteHttp, connectSite, createRucio } from '../rucio/client';
import { type Session, SharedSession, type TokenSource } from '../rucio/session';
import { openKerberosSession } from '../rucio/sign-in/gss';
import { checkKerberosCommand } from '../rucio/sign-in/kerberos-token';
import { openSession } from '../rucio/sign-in/open-session';
import { openSamlSession } from '../rucio/sign-in/saml';
import { providerAuthorities } from '../rucio/token-source';
import { caBundle } from './certification-authorities';

/** A Rucio client that works as the user of this computer. */
export interface LocalRucio {
  readonly client: RucioClient;
  /** When the credentials end, in milliseconds since the epoch; `undefined`: not by themselves. */
  readonly expiresAt: number | undefined;
  readonly close: () => Promise<void>;
}

/**
 * Connects to Rucio with the user's own credentials. Nothing is sent yet.
 *
 * @throws {ConfigError} for a certificate or key that can not be used
 * @throws {Error} when the certification authorities can not be read
 */
export async function localRucio(settings: LocalSettings): Promise<LocalRucio> {
  const ca = caBundle(settings.ca);
  const site = ca.file === undefined ? settings.site : { ...settings.site, caFile: ca.file };
  const limits = Limits.parse({});
  try {
    const { credentials, account } = settings;
    if (credentials.type === 'gss') return await kerberosRucio(site, account, credentials, limits);
    if (credentials.type === 'oidc') {
      const { http, close } = connectSite(site, limits);
      const tokens = new BearerFile(credentials);
      return { client: new RucioClient(http, tokens), expiresAt: undefined, close };
    }
    if ('password' in credentials) return passwordRucio(site, account, credentials, limits);
    const rucio = await createRucio(site, { account, credentials }, limits);
    return { client: rucio.client, expiresAt: rucio.credentials.expiresAt, close: rucio.close };
  } finally {
    // It has been read.
    ca.remove();
  }
}

/** Works with the password that is in `rucio.cfg`, not in a file of its own. */
function passwordRucio(
  site: Site,
  account: string,
  credentials: Extract<LocalCredentials, { readonly password: string }>,
  limits: Limits,
): LocalRucio {
  return sessionRucio(site, limits, ({ authHttp: http, ca, closing }) => {
    const context = { http, account, clock: Date.now };
    return credentials.type === 'saml'
      ? openSamlSession(credentials, {
          ...context,
          identityProvider: credentials.identityProvider,
          ca: providerAuthorities(ca),
          timeoutMs: limits.rucioSeconds * 1000,
          closing,
        })
      : openSession({
          ...context,
          segments: ['auth', 'userpass'],
          headers: {
            'x-rucio-username': credentials.username,
            'x-rucio-password': credentials.password,
          },
          credential: 'the user name and the password in rucio.cfg',
        });
  });
}

/** Works with the ticket that `kinit` has left. */
async function kerberosRucio(
  site: Site,
  account: string,
  { environment }: Extract<LocalCredentials, { type: 'gss' }>,
  limits: Limits,
): Promise<LocalRucio> {
  await checkKerberosCommand(environment, {
    subject: 'the local configuration',
    path: ['auth_type'],
  });
  const timeoutMs = limits.rucioSeconds * 1000;
  return sessionRucio(site, limits, ({ authHttp: http, closing }) =>
    openKerberosSession(
      { http, account, clock: Date.now, environment, timeoutMs, closing },
      'user',
    ),
  );
}

function sessionRucio(
  site: Site,
  limits: Limits,
  signIn: (connections: SiteHttp) => Promise<Session>,
): LocalRucio {
  const connections = connectSite(site, limits);
  const { http, close } = connections;
  const tokens = new SharedSession(() => signIn(connections));
  return { client: new RucioClient(http, tokens), expiresAt: undefined, close };
}

/**
 * A token of an identity provider, which Rucio takes as it is. Other programs keep it fresh, so it is
 * read again for each use.
 *
 * @see https://zenodo.org/record/3937438 (WLCG Bearer Token Discovery)
 */
class BearerFile implements TokenSource {
  readonly #token: string | undefined;
  readonly #files: readonly string[];

  constructor({ token, tokenFiles }: { token: string | undefined; tokenFiles: readonly string[] }) {
    this.#token = token;
    this.#files = tokenFiles;
  }

  async token(): Promise<string> {
    if (this.#token !== undefined) return this.#token.trim();
    for (const file of this.#files) {
      const text = await readFile(file, 'utf8').catch(() => '');
      if (text.trim() !== '') return text.trim();
    }
    throw new AppError('LOGIN', {
      what: 'There is no bearer token for Rucio.',
      why: `Looked at ${this.#files.join(' and ')}.`,
      next: 'get one, for example with oidc-agent or htgettoken, then try again',
    });
  }

  /** Whoever keeps the token fresh has to see to it. */
  invalidate(): void {
    return undefined;
  }
}
