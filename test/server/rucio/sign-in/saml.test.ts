import { type SeenRequest, html, rucioError } from '../../../support/fault-server';
import {
  PASSWORD,
  type SamlSetting,
  answerForm,
  loginForm,
  page,
  redirect,
  startSaml,
} from './saml-on-fault-servers';

let saml: SamlSetting;
beforeEach(async () => {
  saml = await startSaml();
});
afterEach(() => saml.close());

const sent = (request: SeenRequest | undefined) => [...new URLSearchParams(request?.body)];
const ANSWER = [
  ['SAMLResponse', 'PHNhbWw+'],
  ['RelayState', 'https://rucio'],
];

describe('the robot signs in by SAML', () => {
  it('fills in the login form, hands the answer to Rucio, and uses the token', async () => {
    await expect(saml.signIn()).resolves.toBe('robot');
    const [start, end] = saml.rucio.seen('GET /auth/saml');
    expect(start?.headers).toMatchObject({ 'x-rucio-account': 'robot', 'x-rucio-vo': 'def' });
    expect(start?.headers.cookie).toBeUndefined();
    expect([...(saml.provider.seen('GET /sso')[0]?.query ?? [])]).toEqual([
      ['SAMLRequest', 'abc'],
      ['RelayState', 'x'],
    ]);
    const [login] = saml.provider.seen('POST /login');
    expect(login?.headers).toMatchObject({
      cookie: 'session=1',
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(sent(login)).toEqual([
      ['user', 'jeeves'],
      ['pass', PASSWORD],
      ['state', 'a&b'],
      ['ok', '1'],
    ]);
    const [answer] = saml.rucio.seen('POST /auth/saml');
    expect(sent(answer)).toEqual(ANSWER);
    expect(answer?.headers.cookie).toBe('sticky=7');
    expect(end?.headers.cookie).toContain('saml-nameid="ro\\075bot"');
  });

  it('follows redirects to the login form and from it', async () => {
    saml.provider.on('GET /sso', redirect('/realm/page?a=1'));
    saml.provider.on('GET /realm/page', page(loginForm('../login')));
    saml.provider.on('POST /login', redirect('/done', 303));
    saml.provider.on('GET /done', page(answerForm(`${saml.rucio.url}/auth/saml`)));
    await expect(saml.signIn()).resolves.toBe('robot');
    expect(saml.provider.seen('GET /done')[0]?.body).toBe('');
  });

  it.each([
    ['shows a page without a form', page('Enable JavaScript')],
    ['takes POST only', html(405)],
  ])(
    "sends user name and password as Rucio's clients do where the provider %s",
    async (_, first) => {
      saml.provider.on('GET /sso', first);
      saml.provider.on('POST /sso', page(answerForm(`${saml.rucio.url}/auth/saml`)));
      await expect(saml.signIn()).resolves.toBe('robot');
      expect(sent(saml.provider.seen('POST /sso')[0])).toEqual([
        ['username', 'jeeves'],
        ['password', PASSWORD],
      ]);
    },
  );

  it('sends no password where the provider answers without one', async () => {
    saml.provider.on('GET /sso', page(answerForm(`${saml.rucio.url}/auth/saml`)));
    await expect(saml.signIn()).resolves.toBe('robot');
    expect(saml.provider.requests).toHaveLength(1);
  });

  it('hands the answer to another address of the same Rucio, as that of its web page', async () => {
    saml.provider.on('POST /login', page(answerForm(`${saml.rucio.url}/ui/saml?a=b`)));
    saml.rucio.on('POST /ui/saml', ({ response }) => {
      response.writeHead(303, {
        location: '/ui/',
        'set-cookie': ['saml-nameid="ro\\075bot"; Path=/', 'other=1; Path=/ui'],
      });
      response.end();
    });
    await expect(saml.signIn()).resolves.toBe('robot');
    expect(saml.rucio.seen('POST /ui/saml')[0]?.query.get('a')).toBe('b');
    expect(saml.rucio.seen('GET /auth/saml')[1]?.headers.cookie).not.toContain('other');
  });
});

describe('a SAML sign-in that does not come to its end tells why', () => {
  it('Rucio 41 has none', async () => {
    saml.rucio.on('GET /auth/saml', html(404));
    expect((await saml.failure()).publicMessage).toBe(
      '[LOGIN] The authentication server of site test has no SAML sign-in.\n' +
        'Rucio 41 has removed it; up to Rucio 40 it is at auth/saml below authHost.\n' +
        "Next: ask the server's operator to choose another way to sign in; Rucio maps " +
        'several identities to an account',
    );
  });

  it('Rucio is not configured for it', async () => {
    const said = 'SAML not configured on the server side.';
    saml.rucio.on('GET /auth/saml', rucioError(400, 'ConfigurationError', said));
    await expect(saml.failure()).resolves.toMatchObject({
      code: 'LOGIN',
      why: `Rucio says: ${said}`,
    });
  });

  it('Rucio names no page', async () => {
    saml.rucio.on('GET /auth/saml', ({ response }) => void response.writeHead(200).end());
    await expect(saml.failure()).resolves.toMatchObject({
      code: 'RUCIO_DOWN',
      what: 'Rucio (site test) named no page to sign in at (login).',
    });
  });

  it.each([
    ['shows the form again', page(loginForm())],
    ['answers 401', html(401)],
  ])('the provider refuses the password and %s', async (_, refusal) => {
    saml.provider.on('POST /login', refusal);
    await expect(saml.failure()).resolves.toMatchObject({
      code: 'LOGIN',
      what: "The identity provider of site test refused the robot's user name and password.",
    });
    expect(saml.provider.seen('POST /login')).toHaveLength(1);
  });

  it('the provider wants more than a password', async () => {
    saml.provider.on('POST /login', page('<form method="post"><input name="otp"></form>'));
    await expect(saml.failure()).resolves.toMatchObject({
      code: 'RUCIO_DOWN',
      what: 'The identity provider of site test answered neither with a login form nor with a SAML response.',
      next: expect.stringContaining('with a password alone') as string,
    });
  });

  it('the provider is out of order; no password is sent then', async () => {
    saml.provider.on('GET /sso', html(500));
    await expect(saml.failure()).resolves.toMatchObject({
      code: 'RUCIO_DOWN',
      why: 'Its last answer had HTTP status 500.',
    });
    expect(saml.provider.requests).toHaveLength(1);
  });

  it('the provider is gone', async () => {
    await saml.provider.close();
    await expect(saml.failure()).resolves.toMatchObject({
      code: 'RUCIO_DOWN',
      what: 'The identity provider of site test could not be reached (ECONNREFUSED).',
    });
  });

  it('the server stops in the middle of it', async () => {
    const until = new Promise<void>((resolve) => saml.provider.on('GET /sso', () => resolve()));
    await expect(saml.failure({ until })).resolves.toMatchObject({
      code: 'RUCIO_DOWN',
      what: 'The identity provider of site test was left, since this server stops.',
    });
  });

  it('Rucio does not accept the answer', async () => {
    saml.rucio.on('POST /auth/saml', ({ response }) => void response.writeHead(200).end());
    await expect(saml.failure()).resolves.toMatchObject({
      code: 'LOGIN',
      what: 'Rucio (site test) did not accept the answer of the identity provider.',
    });
  });

  it('the name is not one of the account', async () => {
    let calls = 0;
    saml.rucio.on('GET /auth/saml', (exchange) => {
      calls += 1;
      if (calls > 1) return rucioError(401, 'CannotAuthenticate', 'no')(exchange);
      const url = `${saml.provider.url}/sso`;
      exchange.response.writeHead(200, { 'x-rucio-saml-auth-url': url }).end();
    });
    await expect(saml.failure()).resolves.toMatchObject({
      code: 'LOGIN',
      what: "Rucio refused the robot's credentials for the account robot.",
      next: expect.stringContaining('is a SAML identity of the account') as string,
    });
  });
});
