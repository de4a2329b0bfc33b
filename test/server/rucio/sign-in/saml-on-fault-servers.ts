import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { Site } from '../../../../lib/contract/sites';
import { AppError } from '../../../../server/errors';
import { createRucio } from '../../../../server/rucio/client';
import {
  type Behaviour,
  type FaultServer,
  json,
  rucioError,
  startFaultServer,
} from '../../../support/fault-server';
import { options } from '../../../support/rucio-on-fault-server';

export const PASSWORD = 'hunter2 &+é';
export const CA_FILE = join(__dirname, '../../../support/tls/loopback-cert.pem');
const KEY_FILE = join(__dirname, '../../../support/tls/loopback-key.pem');

/** A Rucio and an identity provider that do as they are told, and a robot that signs in there. */
export interface SamlSetting {
  readonly rucio: FaultServer;
  readonly provider: FaultServer;
  /** Some other site. Nothing may ever arrive there. */
  readonly foreign: FaultServer;
  /** Signs in and asks Rucio who it is. */
  signIn(settings?: SamlSettings): Promise<string>;
  /** The error that it ends with, which tells neither the user nor the password. */
  failure(settings?: SamlSettings): Promise<AppError>;
  close(): Promise<void>;
}

export interface SamlSettings {
  readonly rucioSeconds?: number;
  readonly identityProvider?: string;
  readonly isTrusted?: boolean;
  /** The client is closed when this settles, also in the middle of the sign-in. */
  readonly until?: Promise<void>;
}

export const page = (body: string, headers: Record<string, string> = {}): Behaviour => {
  return ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=UTF-8', ...headers });
    response.end(`<!DOCTYPE html><html><body>${body}</body></html>`);
  };
};

export const redirect = (location: string, status = 302): Behaviour => {
  return ({ response }) => void response.writeHead(status, { location }).end();
};

export const loginForm = (action = '/login', method = 'post') =>
  `<form action="${action}" method="${method}"><input name="user"><input type=password name=pass>` +
  `<input type="hidden" name="state" value="a&amp;b"><button name="ok" value="1">Go</button></form>`;

export const answerForm = (action: string) =>
  `<form method="post" action="${action}"><input type="submit">` +
  `<input type="hidden" name="SAMLResponse" value="PHNhbWw+"/>` +
  `<input type="hidden" name="RelayState" value="https://rucio"/></form>`;

/** All servers do as they should; a test changes what it is about. */
export async function startSaml({ isRucioPlain = false } = {}): Promise<SamlSetting> {
  const tls = { key: await readFile(KEY_FILE, 'utf8'), cert: await readFile(CA_FILE, 'utf8') };
  const [rucio, provider, foreign] = await Promise.all([
    startFaultServer(isRucioPlain ? {} : { tls }),
    startFaultServer({ tls }),
    startFaultServer({ tls }),
  ]);
  const directory = await mkdtemp(join(tmpdir(), 'saml-'));
  const [usernameFile, passwordFile] = [join(directory, 'username'), join(directory, 'password')];
  await writeFile(usernameFile, 'jeeves\n');
  await writeFile(passwordFile, `${PASSWORD}\n`);

  rucio.on('GET /auth/saml', ({ request, response }) => {
    const isKnown = (request.headers.cookie ?? '').includes('saml-nameid="ro\\075bot"');
    response.writeHead(200, {
      'set-cookie': 'sticky=7; Path=/',
      ...(isKnown
        ? { 'x-rucio-auth-token': 'token-1' }
        : { 'x-rucio-saml-auth-url': `${provider.url}/sso?SAMLRequest=abc&RelayState=x` }),
    });
    response.end();
  });
  rucio.on('POST /auth/saml', ({ response }) => {
    response.writeHead(200, { 'set-cookie': 'saml-nameid="ro\\075bot"; HttpOnly; Path=/' });
    response.end();
  });
  const account = { account: 'robot', account_type: 'SERVICE', status: 'ACTIVE', email: 'a@b.c' };
  const dates = { created_at: '2026-01-01T00:00:00', updated_at: '2026-01-01T00:00:00' };
  rucio.on('GET /accounts/whoami', ({ request, ...exchange }) => {
    const isIn = request.headers['x-rucio-auth-token'] === 'token-1';
    const answer = isIn
      ? json({ ...account, ...dates, suspended_at: null, deleted_at: null })
      : rucioError(401, 'CannotAuthenticate', 'no');
    void answer({ request, ...exchange });
  });
  provider.on('GET /sso', page(loginForm(), { 'set-cookie': 'session=1; Path=/; Secure' }));
  provider.on('POST /login', page(answerForm(`${rucio.url}/auth/saml`)));

  const signIn = async (settings: SamlSettings = {}): Promise<string> => {
    const {
      isTrusted = true,
      rucioSeconds = 20,
      identityProvider = provider.url,
      until,
    } = settings;
    const { client, close } = await createRucio(
      Site.parse({
        name: 'test',
        rucioHost: rucio.url,
        authHost: rucio.url,
        ...(isTrusted ? { caFile: CA_FILE } : {}),
      }),
      {
        account: 'robot',
        credentials: { type: 'saml', identityProvider, usernameFile, passwordFile },
      },
      { rucioSeconds, rucioConnections: 4 },
    );
    void until?.then(close);
    try {
      return (await client.accounts.whoami(options())).account;
    } finally {
      await close();
    }
  };
  return {
    rucio,
    provider,
    foreign,
    signIn,
    failure: async (settings) => {
      const error: unknown = await signIn(settings).then(
        () => new Error('it succeeded'),
        (reason: unknown) => reason,
      );
      if (!(error instanceof AppError)) throw error;
      expect(inspect(error, { depth: 10 })).not.toMatch(/hunter2|jeeves/);
      return error;
    },
    close: async () => {
      await Promise.all([rucio.close(), provider.close(), foreign.close()]);
      await rm(directory, { recursive: true });
    },
  };
}
