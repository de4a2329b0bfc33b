import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AUTH_TYPES } from '../../../lib/contract/server-document';
import { SITE_PRESET_NAMES } from '../../../lib/contract/sites';
import type { ValuesInput } from '../../../lib/contract/values/values';
import { valuesAt } from '../../../lib/constructs/checks/manifest';
import { describeWith } from '../../support/requirements';
import { only, synthManifests, validValues } from '../synth';

interface Container {
  readonly command: readonly [program: string, ...rest: string[]];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

/** What the Python server is started with, by its own names; or what its parser says instead. */
type Parsed = Readonly<Record<string, unknown>>;

const oidc = { ingress: { host: 'rucio-mcp.example.com' }, runtime: { kind: 'pixi' as const } };
const x509 = { existingSecret: 'grid', certKey: 'cert.pem', keyKey: 'key.pem', proxyKey: 'proxy' };

function robot(authType: string): ValuesInput {
  const { auth } = validValues();
  const gss = { existingSecret: 'keytab', principal: 'robot@EXAMPLE.ORG' };
  const client = { existingSecret: 'client', tokenEndpoint: 'https://idp.example.org/token' };
  return {
    ...validValues(),
    runtime: { kind: 'pixi' },
    auth: {
      ...auth,
      sharedSecret: { ...auth?.sharedSecret, authType, x509, gss, oidc: client },
    },
  };
}

/** The parser's own defaults, and what the defaults of the values are in its words. */
const DEFAULTS: Parsed = {
  read_only: true,
  transport: 'http',
  host: '0.0.0.0',
  port: 9000,
  metrics_port: 9001,
  sites: SITE_PRESET_NAMES,
  resource_url: 'https://rucio-mcp.example.com',
  shared_secret: null,
  broker_url: null,
  broker_jwks_url: null,
  broker_issuer: null,
  broker_audience: 'rucio',
  rucio_cfg: null,
  auth_type: null,
  poll_timeout: 180,
  forwarded_allow_ips: '*',
  log_level: 'info',
};
const ROBOT: Parsed = {
  ...DEFAULTS,
  sites: ['atlas'],
  resource_url: null,
  shared_secret: 'the bearer',
};

const CASES: readonly (readonly [string, ValuesInput, Parsed])[] = [
  ['oidc, by default', oidc, DEFAULTS],
  [
    'oidc, everything that has an argument',
    {
      ...oidc,
      auth: { sites: ['cms', 'escape'] },
      readOnly: false,
      logLevel: 'debug',
      server: {
        host: '::',
        port: 18000,
        metricsPort: 19001,
        resourceUrl: 'https://mcp.example.org/a%20b?c=d,e&f=$HOME',
      },
      forwardedAllowIps: ['192.0.2.1', '2001:db8::/32'],
    },
    {
      ...DEFAULTS,
      sites: ['cms', 'escape'],
      read_only: false,
      log_level: 'debug',
      host: '::',
      port: 18000,
      metrics_port: 19001,
      resource_url: 'https://mcp.example.org/a%20b?c=d,e&f=$HOME',
      forwarded_allow_ips: '192.0.2.1,2001:db8::/32',
    },
  ],
  [
    'addresses in one text with commas',
    { ...oidc, forwardedAllowIps: '192.0.2.1,192.0.2.0/24' },
    { ...DEFAULTS, forwarded_allow_ips: '192.0.2.1,192.0.2.0/24' },
  ],
  [
    'quotes, commas and blanks in arguments of the operator’s own',
    {
      ...oidc,
      extraArgs: [
        '--rucio-cfg',
        `/etc/it's, "quoted" $HOME \`id\` \\ é.cfg`,
        '--poll-timeout=2.5',
        '--broker-audience',
        `a,'b',"c"\n#d`,
      ],
    },
    {
      ...DEFAULTS,
      rucio_cfg: `/etc/it's, "quoted" $HOME \`id\` \\ é.cfg`,
      poll_timeout: 2.5,
      broker_audience: `a,'b',"c"\n#d`,
    },
  ],
  ['robot with user name and password', robot('userpass'), { ...ROBOT, auth_type: 'userpass' }],
  ['robot with a proxy', robot('x509_proxy'), { ...ROBOT, auth_type: 'x509_proxy' }],
  // The flag x509 means a proxy to this server; certificate and key come by variables.
  ['robot with a certificate', robot('x509'), ROBOT],
  ['robot with Kerberos', robot('gss'), { ...ROBOT, auth_type: 'gss' }],
  ['robot with client credentials', robot('oidc'), { ...ROBOT, auth_type: 'oidc' }],
];

/** The authentication types that the values take with this server. */
const ACCEPTED = ['x509', 'x509_proxy', 'userpass', 'gss', 'oidc'];

describeWith('python-server', 'the Python server reads the arguments of the container', (home) => {
  let directory: string;
  let parsed: readonly Parsed[];
  let byAuthType: readonly Parsed[];

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rucio-mcp-arguments-'));
    const lists = CASES.map(([, values]) => startedWith(containerOf(values), directory));
    const flags = AUTH_TYPES.map((type) => ({ args: ['serve', '--auth-type', type], env: {} }));
    const results = parse(home, [...lists, ...flags]);
    parsed = results.slice(0, lists.length);
    byAuthType = results.slice(lists.length);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test.each(CASES.map(([name, , expected], index) => ({ name, expected, index })))(
    '$name',
    ({ expected, index }) => {
      expect(parsed[index]).toEqual(expected);
    },
  );

  test('the authentication types that it knows are those that the values accept', () => {
    const known = AUTH_TYPES.filter((_, index) => byAuthType[index]?.['refused'] === undefined);
    expect([...known].sort()).toEqual([...ACCEPTED].sort());
    for (const type of AUTH_TYPES.filter((type) => !known.includes(type))) {
      expect(() => containerOf(robot(type))).toThrow(
        'is not an authentication type of the Python server',
      );
    }
  });
});

function containerOf(values: ValuesInput): Container {
  const deployment = only(synthManifests({ values, allowUnserved: true }), 'Deployment');
  return valuesAt(deployment, 'spec.template.spec.containers.0')[0] as Container;
}

/**
 * Runs the command of a container with its shell, beside a `pixi` that activates nothing and a
 * `rucio-mcp` that writes down its arguments.
 */
function startedWith(container: Container, directory: string) {
  const [program, ...rest] = container.command;
  const bin = join(directory, 'bin');
  const written = join(directory, 'arguments');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'pixi'), '#!/bin/sh\n', { mode: 0o755 });
  const recorder = `#!/bin/sh\nprintf '%s\\0' "$@" > '${written}'\n`;
  writeFileSync(join(bin, 'rucio-mcp'), recorder, { mode: 0o755 });
  const env = Object.fromEntries(
    container.env.map(({ name, value }) => [
      name,
      value ?? (name === 'RUCIO_MCP_SHARED_SECRET' ? 'the bearer' : 'a secret'),
    ]),
  );
  const { status, stderr } = spawnSync(program, [...rest, ...container.args], {
    env: { ...env, PATH: `${bin}:/usr/bin:/bin` },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the command of the container failed: ${stderr}`);
  return { args: readFileSync(written, 'utf8').split('\0').slice(0, -1), env };
}

function parse(home: string, cases: readonly { args: string[]; env: object }[]): Parsed[] {
  const { status, stdout, stderr } = spawnSync(
    join(home, 'bin', 'python'),
    [join(__dirname, 'parse-arguments.py')],
    { input: JSON.stringify(cases), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Parsed[];
}
