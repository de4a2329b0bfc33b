import { planFrom } from '../../lib/contract/plan';
import { DEFAULT_RELEASE, fullName } from '../../lib/contract/release';
import { ConfigError } from '../../lib/contract/issues';
import { parseServerDocument } from '../../lib/contract/server-document';
import type { ValuesInput } from '../../lib/contract/values/values';

function values(more: ValuesInput = {}): ValuesInput {
  return {
    auth: {
      mode: 'sharedSecret',
      sites: ['atlas'],
      sharedSecret: {
        authType: 'userpass',
        rucioAccount: 'robot',
        existingSecret: 'bearer',
        existingSecretKey: 'token',
        userpass: { existingSecret: 'rucio-robot', passwordKey: 'pw' },
      },
    },
    ingress: { host: 'rucio-mcp.example.com' },
    ...more,
  };
}

const plan = (more?: ValuesInput) => planFrom(values(more), DEFAULT_RELEASE);

test.each([
  [{}, 'https://rucio-mcp.example.com'],
  [{ ingress: { host: 'a.example.com', tls: { enabled: false } } }, 'http://a.example.com'],
  [{ server: { resourceUrl: 'https://other.example.com/' } }, 'https://other.example.com'],
  [{ ingress: { enabled: false } }, null],
])('the public URL of %j', (more, url) => {
  expect(plan(more).publicUrl).toBe(url);
  expect(plan(more).server.publicUrl).toBe(url);
});

test('a brand goes over what the site itself is called', () => {
  const brand = { logoText: 'ATLAS', supportContact: 'mailto:help@atlas.example.org' };
  const { title, ...branded } =
    plan({ server: { brands: { atlas: brand } } }).server.sites[0] ?? {};
  expect(title).toBe('ATLAS');
  expect(branded).toMatchObject(brand);
  const mine = { title: 'The ATLAS experiment' };
  const [site] = plan({ server: { brands: { atlas: mine } } }).server.sites;
  expect(site?.title).toBe(mine.title);
});

test('the server is told files, and the pod mounts exactly those', () => {
  const { server, secrets, bearerSecret } = plan();
  expect(bearerSecret).toBeNull();
  expect(server.auth).toEqual({
    mode: 'sharedSecret',
    account: 'robot',
    bearerFile: '/etc/rucio-mcp/secrets/bearer/token',
    credentials: {
      type: 'userpass',
      usernameFile: '/etc/rucio-mcp/secrets/rucio/username',
      passwordFile: '/etc/rucio-mcp/secrets/rucio/pw',
    },
  });
  expect(secrets).toEqual([
    {
      volume: 'bearer',
      secret: 'bearer',
      directory: '/etc/rucio-mcp/secrets/bearer',
      keys: ['token'],
    },
    {
      volume: 'rucio-credentials',
      secret: 'rucio-robot',
      directory: '/etc/rucio-mcp/secrets/rucio',
      keys: ['username', 'pw'],
    },
  ]);
});

test('clients inside the cluster may use the names of the Service', () => {
  const { server } = planFrom(values({ server: { allowedHosts: ['mcp.internal'] } }), {
    name: 'prod',
    namespace: 'rucio',
  });
  expect(server.allowedHosts).toEqual([
    'prod-rucio-mcp',
    'prod-rucio-mcp.rucio',
    'prod-rucio-mcp.rucio.svc',
    'prod-rucio-mcp.rucio.svc.cluster.local',
    'mcp.internal',
  ]);
});

test('proxies are a list, however they are written', () => {
  const proxies = (forwardedAllowIps: ValuesInput['forwardedAllowIps']) =>
    plan({ forwardedAllowIps }).server.trustedProxies;
  expect(proxies('10.0.0.0/8, 192.0.2.1')).toEqual(['10.0.0.0/8', '192.0.2.1']);
  expect(proxies(['10.0.0.0/8'])).toEqual(['10.0.0.0/8']);
  expect(proxies(undefined)).toEqual(['*']);
});

test.each([
  ['rucio-mcp', '', '', 'rucio-mcp'],
  ['my-rucio-mcp-2', '', '', 'my-rucio-mcp-2'],
  ['prod', '', '', 'prod-rucio-mcp'],
  ['prod', 'gateway', '', 'prod-gateway'],
  ['prod', 'gateway', 'mine', 'mine'],
])(
  'names as the chart makes them: %s, %j, %j → %s',
  (name, nameOverride, fullnameOverride, full) => {
    expect(fullName({ name, namespace: 'mcp' }, { nameOverride, fullnameOverride })).toBe(full);
  },
);

describe('the server document', () => {
  test('is accepted as it is', () => {
    const { server } = plan();
    expect(parseServerDocument(JSON.parse(JSON.stringify(server)), 'server.json')).toEqual(server);
  });

  test.each([
    ['an unknown key', { extra: 1 }, 'extra: unknown key'],
    ['another version', { version: 2 }, 'version: not an allowed value'],
    [
      'a path with ..',
      { auth: auth('/etc/../shadow') },
      'auth.bearerFile: must be an absolute path',
    ],
    ['a relative path', { auth: auth('secret') }, 'auth.bearerFile: must be an absolute path'],
    ['no sites', { sites: [] }, 'sites: is too short'],
    ['two sites for one robot', { sites: twice() }, 'serves exactly one site, not 2'],
    ['a missing part', { limits: undefined }, 'limits: required, but missing'],
  ])('refuses %s', (_, change, message) => {
    const document = { ...plan().server, ...change };
    expect(() => parseServerDocument(document, 'server.json')).toThrow(ConfigError);
    expect(() => parseServerDocument(document, 'server.json')).toThrow(message);
  });

  function auth(bearerFile: string): unknown {
    return { ...plan().server.auth, bearerFile };
  }
  function twice(): unknown {
    const { sites } = plan().server;
    return [...sites, { ...sites[0], name: 'other' }];
  }
});

test("x509CertDir is the robot's certification authorities, unless the site has its own", () => {
  const site = { name: 'a', rucioHost: 'https://a.example.com', authHost: 'https://a.example.com' };
  const caFile = (own: { caFile?: string }) => {
    const { auth, ...rest } = values();
    const sharedSecret = { ...auth?.sharedSecret, x509CertDir: '/etc/grid-security/certificates' };
    const changed = { ...rest, auth: { ...auth, sites: [{ ...site, ...own }], sharedSecret } };
    return planFrom(changed, DEFAULT_RELEASE).server.sites[0]?.caFile;
  };
  expect(caFile({})).toBe('/etc/grid-security/certificates');
  expect(caFile({ caFile: '/own/ca.pem' })).toBe('/own/ca.pem');
});

describe('user name and password in extraEnv, as values for the chart have them', () => {
  const fromSecret = (name: string, secret: string, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
  });
  const inVariables = (...extraEnv: object[]) => {
    const { auth, ...rest } = values();
    const { userpass: _none, ...sharedSecret } = auth?.sharedSecret ?? {};
    return () => planFrom({ ...rest, auth: { ...auth, sharedSecret }, extraEnv }, DEFAULT_RELEASE);
  };

  test('are mounted as files from the Secret that the variables name', () => {
    const { server, secrets } = inVariables(
      fromSecret('RUCIO_USERNAME', 'robot', 'user'),
      fromSecret('RUCIO_PASSWORD', 'robot', 'pass'),
    )();
    expect(server.auth).toMatchObject({
      credentials: {
        usernameFile: '/etc/rucio-mcp/secrets/rucio/user',
        passwordFile: '/etc/rucio-mcp/secrets/rucio/pass',
      },
    });
    expect(secrets[1]).toMatchObject({ secret: 'robot', keys: ['user', 'pass'] });
  });

  test.each<[string, object[]]>([
    ['one is missing', [fromSecret('RUCIO_USERNAME', 'robot', 'user')]],
    [
      'they read two Secrets',
      [fromSecret('RUCIO_USERNAME', 'one', 'user'), fromSecret('RUCIO_PASSWORD', 'two', 'pass')],
    ],
    [
      'one is from a ConfigMap',
      [
        { name: 'RUCIO_USERNAME', valueFrom: { configMapKeyRef: { name: 'robot', key: 'user' } } },
        fromSecret('RUCIO_PASSWORD', 'robot', 'pass'),
      ],
    ],
  ])('are refused where %s', (_what, extraEnv) => {
    expect(inVariables(...extraEnv)).toThrow(/auth\.sharedSecret\.userpass\.existingSecret/);
  });
});
