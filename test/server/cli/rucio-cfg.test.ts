import { parseRucioCfg } from '../../../server/cli/rucio-cfg';

function client(text: string): Record<string, string> {
  return Object.fromEntries(parseRucioCfg(text, 'rucio.cfg').get('client') ?? []);
}

describe('rucio.cfg', () => {
  test('keys and values with either sign, in any case, with comments between', () => {
    const text = `# a comment
[client]
Rucio_Host = https://rucio.example.org:443/path?x=y
account:jdoe
; another one
  # and an indented one
password = a#b;c = d
empty =
[other]
account = nobody
`;
    expect(client(text)).toEqual({
      rucio_host: 'https://rucio.example.org:443/path?x=y',
      account: 'jdoe',
      password: 'a#b;c = d',
      empty: '',
    });
  });

  test('indented lines go on with the value', () => {
    expect(client('[client]\noidc_scope = openid\n  profile\n  email\naccount = a\n')).toEqual({
      oidc_scope: 'openid\nprofile\nemail',
      account: 'a',
    });
  });

  test('defaults, references and doubled percent signs', () => {
    const text =
      '[DEFAULT]\nhost = example.org\n[client]\nrucio_host = https://%(HOST)s\np = 5%%\n';
    expect(client(text)).toEqual({
      host: 'example.org',
      rucio_host: 'https://example.org',
      p: '5%',
    });
  });

  test('a section that comes twice is one, and the later value counts', () => {
    expect(client('[client]\na = 1\nb = 1\n[x]\n[client]\na = 2\n')).toEqual({ a: '2', b: '1' });
  });

  test('Windows line ends', () => {
    expect(client('[client]\r\naccount = jdoe\r\n')).toEqual({ account: 'jdoe' });
  });

  test.each([
    ['a line that is nothing', '[client]\nnonsense\n', 'rucio.cfg, line 2'],
    ['a value before a section', 'a = 1\n', 'rucio.cfg, line 1'],
    ['a reference that leads nowhere', '[client]\na = %(b)s\n', '[client] a refers to b'],
    ['a reference to itself', '[client]\na = %(a)s\n', '[client] a refers to a'],
  ])('%s is told', (_, text, message) => {
    expect(() => parseRucioCfg(text, 'rucio.cfg')).toThrow(message);
  });
});
