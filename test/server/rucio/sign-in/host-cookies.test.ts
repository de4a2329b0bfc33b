import { HostCookies } from '../../../../server/rucio/sign-in/saml/host-cookies';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const cookies = () => new HostCookies('idp.example.org', () => NOW);
const after = (...set: string[]) => {
  const jar = cookies();
  jar.take(set, '/realm/page');
  return jar.header('/realm/page') ?? '';
};

describe('the cookies of one host', () => {
  it('keeps values as they are, quotes and escapes too', () => {
    expect(after('a="x\\075y"; HttpOnly', 'b=%20; Secure; SameSite=None')).toBe(
      'a="x\\075y"; b=%20',
    );
  });

  it('replaces a cookie of the same name and path', () => {
    expect(after('a=1; Path=/', 'b=2; Path=/', 'a=3; Path=/')).toBe('b=2; a=3');
  });

  it.each([
    ['Max-Age=0', ''],
    ['Max-Age=0; Expires=Fri, 27 Nov 2026 12:00:00 GMT', ''],
    ['Expires=Thu, 26 Nov 2026 11:59:59 GMT', ''],
    ['Expires=Thu, 26 Nov 2026 12:00:01 GMT', 'a=2'],
    ['Max-Age=60', 'a=2'],
  ])('ends a cookie: %s', (attributes, expected) => {
    expect(after('a=1; Path=/', `a=2; Path=/; ${attributes}`)).toBe(expected);
  });

  it.each([
    ['/', '/', true],
    ['/realm', '/realm', true],
    ['/realm', '/realm/x', true],
    ['/realm/', '/realm/x', true],
    ['/realm', '/realms', false],
    ['/realm/', '/realm', false],
    ['relative', '/realm/other', true],
    ['relative', '/elsewhere', false],
  ])('sends a cookie of path %s to %s: %s', (own, path, isSent) => {
    const jar = cookies();
    jar.take([`a=1; Path=${own}`], '/realm/page');
    expect(jar.header(path)).toBe(isSent ? 'a=1' : undefined);
  });

  it('sends the one with the longer path first', () => {
    const jar = cookies();
    jar.take(['a=1; Path=/', 'b=2; Path=/realm'], '/');
    expect(jar.header('/realm/x')).toBe('b=2; a=1');
  });

  it.each(['example.org', '.EXAMPLE.org', 'idp.example.org', ''])(
    'takes a cookie of its own domain "%s"',
    (domain) => {
      expect(after(`a=1; Domain=${domain}`)).toBe('a=1');
    },
  );

  it.each(['rucio.example.org', 'le.org', 'x.idp.example.org', 'evil.org'])(
    'drops a cookie that is for %s',
    (domain) => {
      expect(after(`a=1; Domain=${domain}`)).toBe('');
    },
  );

  it('drops what has no name or is too long, and the oldest of too many', () => {
    expect(after('=x', 'y', `a=${'x'.repeat(4096)}`)).toBe('');
    const many = after(...Array.from({ length: 51 }, (_, index) => `c${index}=1`)).split('; ');
    expect(many).toHaveLength(50);
    expect(many[0]).toBe('c1=1');
  });
});
