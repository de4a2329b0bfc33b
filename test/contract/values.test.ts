import { type ConfigIssue, formatIssues, formatPath } from '../../lib/contract/issues';
import { readValues } from '../../lib/contract/plan';
import { DEFAULT_RELEASE, type Release } from '../../lib/contract/release';

const valid = {
  auth: {
    mode: 'sharedSecret',
    sites: ['atlas'],
    sharedSecret: {
      authType: 'userpass',
      rucioAccount: 'robot',
      existingSecret: 'bearer',
      userpass: { existingSecret: 'rucio-robot' },
    },
  },
  ingress: { host: 'rucio-mcp.example.com' },
};

type Change = Readonly<Record<string, unknown>>;

/** The valid values with others at some places: `auth.sites` → value; `undefined` removes. */
function changed(change: Change): unknown {
  const values = structuredClone(valid) as Record<string, unknown>;
  for (const [path, value] of Object.entries(change)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let target = values;
    for (const key of keys) target = (target[key] ??= {}) as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(target, last);
    else target[last] = value;
  }
  return values;
}

function issuesOf(input: unknown, release: Release = DEFAULT_RELEASE): readonly ConfigIssue[] {
  const result = readValues(input, release);
  return result.ok ? [] : result.issues;
}

const told = (issues: readonly ConfigIssue[]) =>
  issues.map(({ path, message }) => `${formatPath(path)}: ${message}`);

test('the valid values have no problem', () => {
  expect(told(issuesOf(valid))).toEqual([]);
});

const URL_ = 'https://rucio.example.org';

/** What is wrong, and all that is said about it. */
const MISTAKES: readonly (readonly [Change, ...string[]])[] = [
  [{ 'ingress.host': '' }, 'ingress.host: ingress.enabled=true requires ingress.host'],
  [{ 'auth.mode': 'odic' }, `auth.mode: auth.mode must be 'oidc' or 'sharedSecret', got "odic"`],
  [
    { 'auth.mode': 'broker' },
    `auth.mode: auth.mode must be 'oidc' or 'sharedSecret', got "broker"`,
  ],
  [{ 'auth.mode': 'hunter2 in a wrong place' }, 'auth.mode: not an allowed value'],
  [
    { 'auth.mode': 'oidc', 'auth.sites': undefined, 'ingress.enabled': false },
    'server.resourceUrl: auth.mode=oidc requires server.resourceUrl or ingress.host to be set',
  ],
  [
    { 'auth.sites': undefined },
    'auth.sites: auth.mode=sharedSecret serves exactly one site: set auth.sites to a single entry',
  ],
  [
    { 'auth.sharedSecret.rucioAccount': undefined },
    'auth.sharedSecret.rucioAccount: auth.mode=sharedSecret requires auth.sharedSecret.rucioAccount',
  ],
  [
    {
      'auth.sharedSecret.authType': 'oidc',
      'auth.sharedSecret.oidc': { existingSecret: 'client', tokenEndpoint: 'idp', scope: '' },
    },
    'auth.sharedSecret.oidc.tokenEndpoint: is not an https URL such as https://idp.example.org/token',
    'auth.sharedSecret.oidc.scope: is too short',
  ],
  [
    { 'auth.sharedSecret.existingSecret': undefined },
    'auth.sharedSecret.existingSecret: auth.mode=sharedSecret requires ' +
      'auth.sharedSecret.existingSecret or auth.sharedSecret.secretValue',
  ],
  [
    { 'auth.sharedSecret.existingSecret': '', 'auth.sharedSecret.secretValue': 'short' },
    'auth.sharedSecret.secretValue: has fewer than 32 characters',
  ],
  [
    { 'auth.sharedSecret.authType': 'x509' },
    'auth.sharedSecret.x509.existingSecret: auth.sharedSecret.authType x509/x509_proxy requires ' +
      'auth.sharedSecret.x509.existingSecret',
    'auth.sharedSecret.x509.certKey: auth.sharedSecret.authType x509 requires ' +
      'auth.sharedSecret.x509.certKey',
    'auth.sharedSecret.x509.keyKey: auth.sharedSecret.authType x509 requires ' +
      'auth.sharedSecret.x509.keyKey',
  ],
  [
    { 'auth.sharedSecret.userpass': undefined },
    'auth.sharedSecret.userpass.existingSecret: auth.sharedSecret.authType userpass requires ' +
      'auth.sharedSecret.userpass.existingSecret',
  ],
  [
    { 'auth.sites': [] },
    'auth.sites: auth.mode=sharedSecret serves exactly one site: set auth.sites to a single entry',
  ],
  [{ 'auth.mode': 'oidc', 'auth.sites': [] }, 'auth.sites: is empty'],
  [{ 'auth.sites': ['atlsa'] }, 'auth.sites[0]: did you mean "atlas"?'],
  [
    { 'auth.sites': [{ name: 'mine', rucioHost: 'http://rucio.example.org', authHost: 'x' }] },
    'auth.sites[0].rucioHost: plain http is allowed only for localhost, 127.0.0.0/8 and [::1]',
    'auth.sites[0].authHost: is not an http(s) URL',
  ],
  [{ 'server.brands': { atlsa: {} } }, 'server.brands.atlsa: did you mean "atlas"?'],
  [{ 'server.brands': { cms: {} } }, 'server.brands.cms: names no site of auth.sites'],
  [
    { 'server.brands': { atlas: { logoTxt: 'x', title: 'a\u202eb', supportContact: 'help' } } },
    'server.brands.atlas.title: has characters that can not be seen',
    'server.brands.atlas.supportContact: is not an https: or mailto: URL',
    'server.brands.atlas.logoTxt: unknown key; did you mean "logoText"?',
  ],
  [{ readOnyl: true }, 'readOnyl: unknown key; did you mean "readOnly"?'],
  [{ 'auth.sharedSecret.acount': 'x' }, 'auth.sharedSecret.acount: unknown key'],
  [{ readOnly: 'true' }, 'readOnly: is a string, not a boolean'],
  [{ replicaCount: 1.5 }, 'replicaCount: is a number, not a whole number'],
  [{ replicaCount: 2 ** 31 }, 'replicaCount: is too large'],
  [
    { forwardedAllowIps: '10.0.0.0/8, proxy' },
    'forwardedAllowIps: is neither "*" nor a list of IP addresses or CIDR blocks',
  ],
  [{ forwardedAllowIps: ['*'] }, 'forwardedAllowIps[0]: is neither an IP address nor a CIDR block'],
  [
    { 'ingress.className': 'Not A Class' },
    'ingress.className: is not a Kubernetes object name (RFC 1123 subdomain)',
  ],
  [{ 'ingress.host': 'https://a.example.com' }, 'ingress.host: is not a host name'],
  [{ 'image.tag': 1.1 }, 'image.tag: is a number, not a string'],
  [{ 'server.host': 'any' }, 'server.host: is not an IP address'],
  [{ 'server.port': 0 }, 'server.port: is too small'],
  [{ 'server.port': 9001 }, 'server.metricsPort: is the same port as server.port'],
  [{ 'service.port': 9001 }, 'service.port: is the same port as server.metricsPort'],
  [
    { 'gateway.enabled': true },
    'gateway.host: gateway.enabled=true requires gateway.host',
    'gateway.parentRefs: gateway.enabled=true requires gateway.parentRefs',
  ],
  ...['http://idp.example.org', 'https://idp.example.org/sso', 'https://u:p@idp.example.org'].map(
    (identityProvider): [Record<string, unknown>, string] => [
      { 'auth.sharedSecret.saml': { identityProvider } },
      'auth.sharedSecret.saml.identityProvider: is not "https://", a host and perhaps a port, such as https://idp.example.org',
    ],
  ),
  [
    { runtime: { kind: 'pixi' }, logLevel: 'trace' },
    'logLevel: is not a log level of the Python server',
  ],
  [
    { runtime: { kind: 'pixi' }, 'auth.sharedSecret.authType': 'saml' },
    'auth.sharedSecret.authType: is not an authentication type of the Python server',
  ],
  [
    { runtime: { kind: 'pixi' }, 'auth.sites': [{ name: 'a', rucioHost: URL_, authHost: URL_ }] },
    'auth.sites[0]: is not a preset, and the Python server knows no others',
  ],
  [
    { runtime: { kind: 'pixi' }, 'rucioMcp.version': '1"\nx = "2' },
    'rucioMcp.version: is not a version',
  ],
  [
    { runtime: { kind: 'pixi' }, 'rucioMcp.extraPixiDependencies': { 'a = "1"\nb': '*' } },
    'rucioMcp.extraPixiDependencies["a = \\"1\\"\\nb"]: is not a package with a version specification',
  ],
  [
    { runtime: { kind: 'image' } },
    'image.repository: runtime.kind=image requires image.repository',
    'image.digest: runtime.kind=image requires image.digest',
  ],
  [
    { 'ingress.tls': { enabled: false, certificate: { enabled: true } } },
    'ingress.tls.certificate.issuerName: ingress.tls.certificate.enabled=true requires it',
    'ingress.tls.enabled: is false, and a certificate is asked for',
  ],
  [
    { autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 2 } },
    'autoscaling.minReplicas: is more than maxReplicas',
  ],
  [
    { 'auth.mode': 'oidc', 'auth.oidc.tokenFormat': 'passthru' },
    'auth.oidc.tokenFormat: did you mean "passthrough"?',
  ],
  [
    {
      'auth.oidc.clients': [
        {
          clientId: 'portal',
          clientName: 'Portal',
          redirectUris: ['https://portal.example.org/cb'],
          clientSecret: 'hunter2',
        },
      ],
    },
    'auth.oidc.clients[0].clientSecret: a secret must not stand in values: they end in a ConfigMap',
  ],
  [
    { tracing: { endpoint: 'https://user:password@collector.example.org' } },
    'tracing.endpoint: is not the base URL of an OTLP/HTTP collector such as http://otel-collector.monitoring:4318',
  ],
  [
    { tracing: { endpoint: 'https://collector.example.org/?token=1' } },
    'tracing.endpoint: is not the base URL of an OTLP/HTTP collector such as http://otel-collector.monitoring:4318',
  ],
  [
    { stateStore: { redis: { url: 'redis://redis:6379', username: 'mcp' } } },
    'stateStore.redis.existingSecret: stateStore.redis.username and caKey require it',
  ],
  [
    { stateStore: { redis: { url: 'redis://redis:6379', existingSecret: 's', caKey: 'ca.crt' } } },
    'stateStore.redis.url: is without TLS, and stateStore.redis.caKey is set',
  ],
  [
    { 'auth.mode': 'oidc', replicaCount: 2 },
    'auth.oidc.sealingKeys.existingSecret: more than one pod in auth.mode=oidc requires it',
    'stateStore.redis.url: more than one pod in auth.mode=oidc requires it',
  ],
  [
    { stateStore: { redis: { url: 'redis://user:hunter2@redis:6379' } } },
    'stateStore.redis.url: is not a redis URL such as rediss://redis.example.com:6379/0',
  ],
  [{ extraObjects: [{ kind: 'ConfigMap' }] }, 'extraObjects[0]: is not an object of Kubernetes'],
  [
    { 'image.repository': 'ghcr.io/prefix-dev/pixi' },
    'image.repository: is the image of runtime.kind pixi: there is no Node in it',
  ],
  [
    { 'auth.sharedSecret.x509CertDir': 'etc/grid-security/certificates' },
    'auth.sharedSecret.x509CertDir: is not an absolute path',
  ],
  [
    { podLabels: { 'app.kubernetes.io/name': 'x' } },
    'podLabels["app.kubernetes.io/name"]: is set by the manifests themselves',
  ],
  [
    { podAnnotations: { 'checksum/config': 'x' } },
    'podAnnotations["checksum/config"]: is set by the manifests themselves',
  ],
  [
    { podLabels: { 'not a key': 'x' } },
    'podLabels["not a key"]: the key is not a qualified name such as example.com/name',
  ],
  [{ podLabels: { a: 'not a value' } }, 'podLabels.a: is not a label value'],
  [{ extraEnv: [{ value: 'x' }] }, 'extraEnv[0].name: is not the name of a variable'],
  [
    { extraEnv: [{ name: 'RUCIO_MCP_CONFIG', value: 'x' }] },
    'extraEnv[0].name: belongs to the server',
  ],
  [{ extraEnv: [{ name: 'A', value: 1 }] }, 'extraEnv[0].value: is not text'],
  [
    { extraEnv: [{ name: 'A', value: 'x', valueFrom: {} }] },
    'extraEnv[0].valueFrom: stands beside "value"',
  ],
  [
    { extraEnv: [{ name: 'A' }, { name: 'A' }] },
    'extraEnv[1].name: a variable of this name is already in the list',
  ],
  [
    { extraEnv: [{ name: 'REDIS_PASSWORD', value: 'x' }] },
    'extraEnv[0].value: seems to be a secret in plain text',
  ],
  [
    { fullnameOverride: '1st' },
    'fullnameOverride: the objects\' name "1st" is not a DNS label (RFC 1035)',
  ],
];

const CASES = MISTAKES.map(([change, ...messages]) => ({ change, messages }));

test.each(CASES)('$change', ({ change, messages }) => {
  expect(told(issuesOf(changed(change)))).toEqual(messages);
});

test.each(CASES)('the problems of $change say what would be right, or what to do', ({ change }) => {
  const issues = issuesOf(changed(change));
  expect(issues.filter(({ fix, expected }) => (fix ?? expected) === undefined)).toEqual([]);
});

test('problems of all sorts are told at once', () => {
  const messages = told(
    issuesOf(changed({ readOnyl: 1, replicaCount: -1, 'ingress.host': '', 'auth.sites': ['a'] })),
  );
  expect(messages).toEqual([
    'auth.sites[0]: not an allowed value',
    'replicaCount: is too small',
    'readOnyl: unknown key; did you mean "readOnly"?',
    'ingress.host: ingress.enabled=true requires ingress.host',
  ]);
});

test.each([
  [{ name: 'Prod', namespace: 'mcp' }, 'release.name: "Prod" is not a release name'],
  [{ name: 'a'.repeat(54), namespace: 'mcp' }, 'release.name: "aaaa'],
  [{ name: 'prod', namespace: '' }, 'release.namespace: "" is not a namespace'],
])('the release %j', (release, message) => {
  expect(told(issuesOf(valid, release)).join('\n')).toContain(message);
});

test('no message shows a value: it may be a secret in a wrong place', () => {
  const secret = 'hunter2-hunter2';
  const issues = issuesOf(
    changed({ readOnly: secret, 'auth.sharedSecret.rucioAccount': secret.repeat(3) }),
  );
  expect(issues).toHaveLength(2);
  expect(formatIssues(issues, 'the values')).not.toContain('hunter2');
});

test('a problem as text: place, what, expectation, remedy', () => {
  expect(formatIssues(issuesOf(changed({ readOnly: 'yes' })), 'values.yaml')).toBe(
    [
      '1 problem in values.yaml:',
      '',
      '  readOnly: is a string, not a boolean',
      '    expected: true: no tool can change anything at Rucio',
      '    fix: write true or false, without quotes',
    ].join('\n'),
  );
});

const notesOf = (change: Change, allowUnserved = false): string[] => {
  const result = readValues(changed(change), DEFAULT_RELEASE, { allowUnserved });
  return result.ok ? told(result.value.notes) : ['refused'];
};

test.each<[Change, string]>([
  [{ 'rucioMcp.version': '0.7.2' }, 'rucioMcp: is for runtime.kind pixi only, and is ignored'],
  [
    { 'initResources.limits': { cpu: '1' } },
    'initResources: is for runtime.kind pixi only, and is ignored',
  ],
  [
    { runtime: { kind: 'pixi' }, 'limits.callSeconds': 5 },
    'limits: is not for runtime.kind pixi, and is ignored',
  ],
  [
    { 'networkPolicy.enabled': false },
    'forwardedAllowIps: believes any peer, and no NetworkPolicy says who that can be: ' +
      'X-Forwarded-For can be forged',
  ],
  [
    { fullnameOverride: 'a'.repeat(64) },
    "fullnameOverride: the objects' name is cut to 63 characters, as Helm does",
  ],
])('valid, and told all the same: %j', (change, message) => {
  expect(notesOf(change)).toEqual([message]);
});

test('passthrough needs no sealing key and no Redis, and is warned of', () => {
  const passthrough = { 'auth.mode': 'oidc', 'auth.oidc.tokenFormat': 'passthrough' };
  const places = (change: Change) => notesOf(change).map((text) => text.split(':')[0]);
  expect(notesOf(passthrough)[0]).toMatch(/MCP forbids.*confused deputy/);
  expect(places({ ...passthrough, replicaCount: 3 })).toEqual(['auth.oidc.tokenFormat']);
  expect(places({ ...passthrough, runtime: { kind: 'pixi' } })).toEqual([]);
  const more = {
    ...passthrough,
    replicaCount: 3,
    readOnly: false,
    'auth.oidc.login': 'code',
    stateStore: { redis: { url: 'redis://redis:6379' } },
  };
  expect(places(more)).toEqual([
    'auth.oidc.tokenFormat',
    'auth.oidc.login',
    'stateStore',
    'auth.oidc.sealingKeys',
  ]);
});

test('what would not serve is refused; where that is allowed, it is told', () => {
  const saml = {
    'auth.sharedSecret.authType': 'saml',
    'auth.sharedSecret.saml.existingSecret': 'saml',
  };
  expect(notesOf(saml)).toEqual(['refused']);
  expect(notesOf(saml, true)).toEqual([
    'auth.sharedSecret.saml.identityProvider: auth.sharedSecret.authType saml requires auth.sharedSecret.saml.identityProvider',
  ]);
  expect(notesOf({ 'auth.mode': 'oidc' })).toEqual([]);
  expect(notesOf({ 'auth.mode': 'oidc', runtime: { kind: 'pixi' } })).toEqual([]);
});

test('digits in quotes are a number where a number belongs, and nowhere else', () => {
  const result = readValues(
    changed({ 'server.port': '9100', replicaCount: '2', 'podLabels.build': '12' }),
    DEFAULT_RELEASE,
  );
  if (!result.ok) throw new Error(formatIssues(result.issues, 'the values'));
  const { server, replicaCount, podLabels } = result.value.values;
  expect([server.port, replicaCount, podLabels]).toEqual([9100, 2, { build: '12' }]);
  expect(told(issuesOf(changed({ 'server.port': '0x50' })))).toEqual([
    'server.port: is a string, not a number',
  ]);
});
