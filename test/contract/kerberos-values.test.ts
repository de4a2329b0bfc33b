import { type ConfigIssue, formatPath } from '../../lib/contract/issues';
import { planFrom, readValues } from '../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../lib/contract/release';

interface Change {
  readonly gss?: object;
  readonly image?: object;
  readonly runtime?: object;
}

const gss = { existingSecret: 'keytab', principal: 'robot@EXAMPLE.ORG' };
const DEBIAN = { tag: '24-trixie' };

const robot = ({ gss: settings = gss, ...more }: Change = {}) => ({
  auth: {
    mode: 'sharedSecret',
    sites: ['atlas'],
    sharedSecret: {
      authType: 'gss',
      rucioAccount: 'robot',
      existingSecret: 'bearer',
      gss: settings,
    },
  },
  ingress: { host: 'rucio-mcp.example.com' },
  ...more,
});

function issuesOf(change: Change): readonly ConfigIssue[] {
  const result = readValues(robot(change), DEFAULT_RELEASE);
  return result.ok ? [] : result.issues;
}

const told = (change: Change) =>
  issuesOf(change).map(({ path, message }) => `${formatPath(path)}: ${message}`);

describe('a robot that signs in by Kerberos', () => {
  test('is served with an image that has curl with GSS-API', () => {
    expect(told({ image: DEBIAN })).toEqual([]);
    const repository = 'registry.example.org/node-kerberos';
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(told({ image: { repository, tag: '1-alpine' } })).toEqual([]);
    expect(told({ image: { repository, digest } })).toEqual([]);
    expect(told({ image: { digest } })).toEqual([]);
  });

  test.each([
    [
      'the usual image',
      {},
      'image.tag: is not set, and the usual tag names an image that has no curl',
    ],
    ['a mirror of it', { repository: 'mirror.example.org/node' }, 'image.tag: is not set'],
    ['another small one', { tag: '24-bookworm-slim' }, 'image.tag: names an image that has no'],
    ['one of Alpine', { repository: 'docker.io/library/node', tag: '24-alpine3.22' }, 'image.tag'],
  ])('is refused with %s: the pod would not start', (_title, image, expected) => {
    expect(told({ image })).toEqual([expect.stringContaining(expected)]);
    expect(issuesOf({ image })[0]?.fix).toContain('24-trixie');
  });

  test('is refused where the server is a volume of the small image, and warned with one of its own', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const image = { repository: 'registry.example.org/rucio-mcp', digest };
    const own = robot({ image, runtime: { kind: 'image' } });
    expect(planFrom(own, DEFAULT_RELEASE).notes.map(({ message }) => message)).toEqual([
      expect.stringContaining('has to have curl with GSS-API'),
    ]);
    expect(told({ image, runtime: { kind: 'image', volume: true } })).toEqual([
      expect.stringContaining('runtime.volume: runs in an image without curl'),
    ]);
  });

  test('is left to the Python server where that runs', () => {
    expect(told({ runtime: { kind: 'pixi' } })).toEqual([]);
    const settings = { ...gss, principal: 'robot' };
    expect(told({ runtime: { kind: 'pixi' }, gss: settings })).toEqual([]);
  });

  test('needs a Secret, and a principal with its realm', () => {
    expect(told({ image: DEBIAN, gss: {} })).toEqual([
      expect.stringContaining('auth.sharedSecret.gss.existingSecret: '),
      expect.stringContaining('auth.sharedSecret.gss.principal: '),
    ]);
    expect(told({ image: DEBIAN, gss: { ...gss, principal: 'robot' } })).toEqual([
      expect.stringContaining('auth.sharedSecret.gss.principal: '),
    ]);
  });

  test.each(['HOST$@EXAMPLE.ORG', 'rucio/host.example.org@EXAMPLE.ORG', 'a+b@EXAMPLE.ORG'])(
    'may be the principal %s',
    (principal) => {
      expect(told({ image: DEBIAN, gss: { ...gss, principal } })).toEqual([]);
    },
  );

  test('has its keytab and its krb5.conf under two keys', () => {
    expect(told({ image: DEBIAN, gss: { ...gss, krb5ConfKey: 'krb5.keytab' } })).toEqual([
      'auth.sharedSecret.gss.krb5ConfKey: is the key of the keytab',
    ]);
  });

  test('mounts the keytab, and a krb5.conf of the same Secret', () => {
    const values = robot({ image: DEBIAN, gss: { ...gss, krb5ConfKey: 'krb5.conf' } });
    const plan = planFrom(values, DEFAULT_RELEASE);
    expect(plan.server.auth).toMatchObject({
      credentials: {
        type: 'gss',
        principal: 'robot@EXAMPLE.ORG',
        keytabFile: '/etc/rucio-mcp/secrets/rucio/krb5.keytab',
        krb5ConfFile: '/etc/rucio-mcp/secrets/rucio/krb5.conf',
      },
    });
    expect(plan.secrets.find(({ secret }) => secret === 'keytab')?.keys).toEqual([
      'krb5.keytab',
      'krb5.conf',
    ]);
  });
});
