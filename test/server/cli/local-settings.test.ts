import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readLocalEnvironment } from '../../../server/cli/environment';
import { type LocalOptions, localSettings } from '../../../server/cli/local-settings';

const CFG = `[client]
rucio_host = https://rucio.example.org
auth_host = https://auth.example.org:8443
account = jdoe
auth_type = userpass
username = jane
password = not-so-secret
ca_cert = ~/certificates
`;

describe('local settings', () => {
  let home: string;
  let cfg: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'local-settings-'));
    cfg = join(home, 'rucio.cfg');
    await writeFile(cfg, CFG);
  });
  afterEach(() => rm(home, { recursive: true }));

  function settle(options: LocalOptions = {}, env: Record<string, string> = {}) {
    return localSettings(options, readLocalEnvironment({ HOME: home, ...env }));
  }

  test('come from the file that RUCIO_CONFIG names', () => {
    expect(settle({}, { RUCIO_CONFIG: cfg })).toEqual({
      file: cfg,
      site: {
        name: 'rucio',
        rucioHost: 'https://rucio.example.org',
        authHost: 'https://auth.example.org:8443',
        vo: 'def',
        oidc: { audience: 'rucio', scope: 'openid profile' },
      },
      account: 'jdoe',
      credentials: { type: 'userpass', username: 'jane', password: 'not-so-secret' },
      ca: join(home, 'certificates'),
    });
  });

  test('come from RUCIO_HOME, then from the virtual environment', async () => {
    const [first, second] = [join(home, 'first'), join(home, 'second')];
    for (const directory of [first, second]) {
      await mkdir(join(directory, 'etc'), { recursive: true });
      await writeFile(join(directory, 'etc/rucio.cfg'), CFG);
    }
    const env = { RUCIO_HOME: first, VIRTUAL_ENV: second };
    expect(settle({}, env).file).toBe(join(first, 'etc/rucio.cfg'));
    expect(settle({}, { VIRTUAL_ENV: second }).file).toBe(join(second, 'etc/rucio.cfg'));
  });

  test('options win over the environment, which wins over the file', () => {
    const env = { RUCIO_CONFIG: '/nowhere', RUCIO_ACCOUNT: 'env-account', RUCIO_VO: 'xyz' };
    const fromEnvironment = settle({ rucioCfg: cfg }, env);
    expect(fromEnvironment).toMatchObject({ account: 'env-account', site: { vo: 'xyz' } });
    const options = { rucioCfg: cfg, account: 'option', authType: 'x509_proxy' };
    expect(settle(options, { ...env, RUCIO_AUTH_TYPE: 'ssh' })).toMatchObject({
      account: 'option',
      credentials: { type: 'x509_proxy' },
    });
  });

  test('a known site brings its own hosts, another name only names', () => {
    expect(settle({ rucioCfg: cfg, site: 'dune' }).site).toMatchObject({
      name: 'dune',
      rucioHost: 'https://dune-rucio.fnal.gov',
    });
    expect(settle({ rucioCfg: cfg, site: 'mine' }).site).toMatchObject({
      name: 'mine',
      rucioHost: 'https://rucio.example.org',
    });
  });

  test('certificates and keys from the variables of the Rucio client', () => {
    const env = {
      RUCIO_CONFIG: cfg,
      RUCIO_AUTH_TYPE: 'x509',
      RUCIO_CLIENT_CERT: '$HOME/usercert.pem',
      RUCIO_CLIENT_KEY: '~/userkey.pem',
      X509_CERT_DIR: '/etc/grid-security/certificates',
    };
    expect(settle({}, env)).toMatchObject({
      credentials: {
        type: 'x509',
        certFile: join(home, 'usercert.pem'),
        keyFile: join(home, 'userkey.pem'),
      },
      ca: '/etc/grid-security/certificates',
    });
  });

  test('a proxy, in the order of the Rucio client', () => {
    const env = { RUCIO_CONFIG: cfg, RUCIO_AUTH_TYPE: 'x509_proxy', X509_USER_PROXY: '/b' };
    expect(settle({}, env).credentials).toEqual({ type: 'x509_proxy', proxyFile: '/b' });
    expect(settle({}, { ...env, RUCIO_CLIENT_PROXY: '/a' }).credentials).toMatchObject({
      proxyFile: '/a',
    });
    const { X509_USER_PROXY: _, ...without } = env;
    expect(settle({}, without).credentials).toMatchObject({
      proxyFile: join(tmpdir(), `x509up_u${process.getuid?.() ?? 0}`),
    });
  });

  test('an SSH key of the user, and bearer tokens where other programs put them', () => {
    const env = { RUCIO_CONFIG: cfg, XDG_RUNTIME_DIR: '/run/user/1' };
    expect(settle({ authType: 'ssh' }, env).credentials).toEqual({
      type: 'ssh',
      privateKeyFile: join(home, '.ssh/id_rsa'),
    });
    const name = `bt_u${process.getuid?.() ?? 0}`;
    expect(settle({ authType: 'oidc' }, env).credentials).toEqual({
      type: 'oidc',
      token: undefined,
      tokenFiles: [`/run/user/1/${name}`, join(tmpdir(), name)],
    });
  });

  test('Kerberos with the ticket of the user, and nothing else of the environment', () => {
    const kerberos = { PATH: '/bin', KRB5CCNAME: 'KCM:', KRB5_CONFIG: '/etc/krb5.conf' };
    const env = { RUCIO_CONFIG: cfg, RUCIO_AUTH_TYPE: 'gss', OTHER: 'secret', ...kerberos };
    expect(settle({}, env).credentials).toEqual({
      type: 'gss',
      environment: { ...kerberos, HOME: home },
    });
  });

  test('a SAML identity provider, which has to be named', async () => {
    expect(() => settle({ rucioCfg: cfg, authType: 'saml' })).toThrow(
      'saml_identity_provider: is not set',
    );
    await writeFile(cfg, `${CFG}saml_identity_provider = https://idp.example.org/sso\n`);
    expect(() => settle({ rucioCfg: cfg, authType: 'saml' })).toThrow('is not the origin');
    await writeFile(cfg, `${CFG}saml_identity_provider = https://idp.example.org\n`);
    expect(settle({ rucioCfg: cfg, authType: 'saml' }).credentials).toEqual({
      type: 'saml',
      username: 'jane',
      password: 'not-so-secret',
      identityProvider: 'https://idp.example.org',
    });
  });

  test('everything that is missing is told at once, with the remedy', async () => {
    await writeFile(cfg, '[client]\n');
    const settling = () => settle({ rucioCfg: cfg });
    expect(settling).toThrow('3 problems');
    expect(settling).toThrow('rucio_host: is not set');
    expect(settling).toThrow('set RUCIO_ACCOUNT');
    expect(settling).toThrow('userpass, x509, x509_proxy, ssh, gss, saml, oidc');
  });

  test('a password is never in a message', async () => {
    await writeFile(cfg, CFG.replace('username = jane\n', ''));
    let message = '';
    try {
      settle({ rucioCfg: cfg });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('username: is not set');
    expect(message).not.toContain('not-so-secret');
  });

  test.each([
    ['plain http to another computer', 'rucio_host = http://rucio.example.org\n', 'plain http'],
    ['an address that is none', 'rucio_host = rucio.example.org\n', 'not an http(s) URL'],
    ['an account that is none', 'rucio_host = https://r.example\naccount = Jane Doe\n', 'account'],
    [
      'an unknown way to sign in',
      'rucio_host = https://r.example\nauth_type = magic\n',
      'auth_type',
    ],
  ])('%s is refused', async (_, lines, message) => {
    await writeFile(cfg, `[client]\n${lines}`);
    expect(() => settle({ rucioCfg: cfg })).toThrow(message);
  });
});
