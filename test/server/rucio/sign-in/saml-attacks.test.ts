import { hang, hugeLine } from '../../../support/fault-server';
import {
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
afterEach(async () => {
  expect(saml.foreign.requests).toEqual([]);
  await saml.close();
});

/** How often the provider was sent a password. */
const passwords = () => saml.provider.requests.filter(({ body }) => body.includes('hunter2'));
const leadsTo = (origin: string) => ({
  code: 'LOGIN',
  what: `The robot's sign-in at site test leads to ${origin}, which is not its identity provider ${saml.provider.url}.`,
});

describe('password sent to a foreign host', () => {
  it('that a Rucio names which was taken over', async () => {
    saml.rucio.on('GET /auth/saml', ({ response }) => {
      response.writeHead(200, { 'x-rucio-saml-auth-url': `${saml.foreign.url}/sso` }).end();
    });
    await expect(saml.failure()).resolves.toMatchObject(leadsTo(saml.foreign.url));
    expect(saml.provider.requests).toEqual([]);
  });

  it('that is the same host without TLS', async () => {
    const url = saml.provider.url.replace('https:', 'http:');
    saml.rucio.on('GET /auth/saml', ({ response }) => {
      response.writeHead(200, { 'x-rucio-saml-auth-url': `${url}/sso` }).end();
    });
    await expect(saml.failure()).resolves.toMatchObject(leadsTo(url));
  });

  it('that is hidden behind a user name in the URL', async () => {
    const { host } = new URL(saml.foreign.url);
    saml.rucio.on('GET /auth/saml', ({ response }) => {
      const url = `${saml.provider.url}@${host}/sso`;
      response.writeHead(200, { 'x-rucio-saml-auth-url': url }).end();
    });
    await expect(saml.failure()).resolves.toMatchObject(leadsTo(saml.foreign.url));
  });

  it('that a redirect leads to', async () => {
    saml.provider.on('GET /sso', redirect(`${saml.foreign.url}/sso`));
    await expect(saml.failure()).resolves.toMatchObject(leadsTo(saml.foreign.url));
  });

  it('that the login form belongs to', async () => {
    saml.provider.on('GET /sso', page(loginForm(`${saml.foreign.url}/login`)));
    await expect(saml.failure()).resolves.toMatchObject(leadsTo(saml.foreign.url));
    expect(passwords()).toEqual([]);
  });

  it.each([301, 302, 303])('that the password is redirected to with %s', async (status) => {
    saml.provider.on('POST /login', redirect(`${saml.foreign.url}/login`, status));
    await expect(saml.failure()).resolves.toMatchObject(leadsTo(saml.foreign.url));
    expect(passwords()).toHaveLength(1);
  });

  it.each([307, 308])('that the password is to be repeated to with %s', async (status) => {
    saml.provider.on('POST /login', redirect(`${saml.foreign.url}/login`, status));
    await expect(saml.failure()).resolves.toMatchObject({
      what: 'The identity provider of site test wants the password sent once more by a redirect.',
    });
    expect(passwords()).toHaveLength(1);
  });
});

describe('password sent over TLS that somebody listens in', () => {
  it('since nobody has signed the certificate', async () => {
    const plain = await startSaml({ isRucioPlain: true });
    try {
      await expect(plain.failure({ isTrusted: false })).resolves.toMatchObject({
        what: 'The identity provider of site test has a certificate that is not trusted.',
      });
      expect(plain.provider.requests).toEqual([]);
    } finally {
      await plain.close();
    }
  });
});

describe('password where others can read it', () => {
  it('in the URL of a form that is sent by GET', async () => {
    saml.provider.on('GET /sso', page(loginForm('/login', 'get')));
    await expect(saml.failure()).resolves.toMatchObject({
      what: 'The identity provider of site test has a login form that would put the password into a URL.',
    });
    expect(saml.provider.requests).toHaveLength(1);
  });
});

describe('assertion sent to a foreign host', () => {
  it('that the form of the identity provider names', async () => {
    saml.provider.on('POST /login', page(answerForm(`${saml.foreign.url}/auth/saml`)));
    await expect(saml.failure()).resolves.toMatchObject({
      code: 'LOGIN',
      what: `The identity provider of site test sends its answer to ${saml.foreign.url}, and not to the site's authHost ${saml.rucio.url}.`,
    });
  });

  it.each([307, 308])('that Rucio redirects it to with %s', async (status) => {
    saml.rucio.on('POST /auth/saml', redirect(`${saml.foreign.url}/auth/saml`, status));
    await expect(saml.failure()).resolves.toMatchObject({ code: 'LOGIN' });
  });

  it('that a path with dots leads to', async () => {
    saml.provider.on('POST /login', page(answerForm(`${saml.rucio.url}/auth/%252e%252e%252fsaml`)));
    await expect(saml.failure()).resolves.toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});

describe('a provider without an end', () => {
  it('redirect loop', async () => {
    saml.provider.on('GET /sso', redirect('/again'));
    saml.provider.on('GET /again', redirect('/sso'));
    await expect(saml.failure()).resolves.toMatchObject({
      what: 'The identity provider of site test redirects without an end.',
    });
    expect(saml.provider.requests).toHaveLength(15);
  });

  it('endless page', async () => {
    saml.provider.on('GET /sso', hugeLine('text/html'));
    await expect(saml.failure()).resolves.toMatchObject({
      what: 'The identity provider of site test sent a page of more than 524288 bytes.',
    });
    await saml.provider.requests[0]?.closed;
  });

  it.each([
    ['no answer', hang()],
    [
      'endless page, word by word',
      ({ response }: Parameters<ReturnType<typeof hang>>[0]) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.write('<form>');
      },
    ],
  ])('%s', async (_title, behaviour) => {
    saml.provider.on('GET /sso', behaviour);
    await expect(saml.failure({ rucioSeconds: 0.2 })).resolves.toMatchObject({
      what: 'The identity provider of site test did not finish within 0.2 s.',
    });
  });
});

describe('cookie of another site', () => {
  const cookies = (requests: readonly { headers: { cookie?: string | undefined } }[]) =>
    requests.map(({ headers }) => headers.cookie ?? '').join('; ');

  it('that the identity provider sets for Rucio, so that the robot is somebody else', async () => {
    const set = 'saml-nameid=admin; Path=/';
    const headers = { 'set-cookie': set, 'content-type': 'text/html' };
    saml.provider.on('POST /login', page(answerForm(`${saml.rucio.url}/auth/saml`), headers));
    await expect(saml.signIn()).resolves.toBe('robot');
    expect(cookies(saml.rucio.requests)).not.toContain('admin');
  });

  it("Rucio's at the identity provider", async () => {
    await expect(saml.signIn()).resolves.toBe('robot');
    expect(cookies(saml.provider.requests)).toBe('; session=1');
  });

  it('of the sign-in before: each begins without any', async () => {
    await saml.signIn();
    await saml.signIn();
    expect(saml.provider.seen('GET /sso').map(({ headers }) => headers.cookie)).toEqual([
      undefined,
      undefined,
    ]);
  });
});
