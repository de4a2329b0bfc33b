import { isRedirectUri } from '../../../../lib/contract/redirect-uri';
import { isRegisteredRedirect } from '../../../../server/auth/oauth/clients/redirect-uri';

describe('T8: redirect tricks', () => {
  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://ok.example/1',
    'about:blank',
    'http://evil.example/cb',
    'http://localhost.evil.example/cb',
    'http://127.0.0.1@evil.example/cb',
    'http://user:pw@localhost/cb',
    'https://ok.example/cb#fragment',
    'https://ok.example\\@evil.example/cb',
    'https://ok.example/c b',
    'HTTPS://ok.example/cb',
    'https://0x7f.1/cb',
    'http://127.1/cb',
    '//ok.example/cb',
    '',
  ])('can not be registered: %s', (uri) => {
    expect(isRedirectUri(uri)).toBe(false);
  });

  test.each([
    'https://ok.example/cb/',
    'https://ok.example/cb?x=1',
    'https://ok.example//cb',
    'https://ok.example/%63b',
    'https://ok.example:444/cb',
    'https://OK.example/cb',
    'https://ok.example/x/../cb',
    'https://evil.example/cb',
  ])('is not https://ok.example/cb: %s', (uri) => {
    expect(isRegisteredRedirect(uri, ['https://ok.example/cb'])).toBe(false);
  });

  test.each(['https://ok.example/cb', 'cursor://anysphere.cursor/cb', 'com.example.app:/cb'])(
    'is taken when it is registered: %s',
    (uri) => {
      expect(isRegisteredRedirect(uri, [uri])).toBe(true);
    },
  );
});

describe('T9 R55: loopback rules', () => {
  test.each([
    ['http://localhost/callback', 'http://localhost:53123/callback', true],
    ['http://localhost/callback', 'http://localhost/callback', true],
    ['http://localhost/callback', 'http://localhost:53123/callback2', false],
    ['http://localhost/callback', 'http://127.0.0.1:53123/callback', false],
    ['http://localhost/callback', 'https://localhost:53123/callback', false],
    ['http://127.0.0.1:33418/', 'http://127.0.0.1:59656/', true],
    ['http://[::1]/cb', 'http://[::1]:8080/cb', true],
    ['http://localhost/cb', 'http://localhost:1@evil.example/cb', false],
    ['http://localhost/cb', 'http://localhost:1/cb?x=1', false],
  ])('registered %s, presented %s: %s', (registered, presented, expected) => {
    expect(isRegisteredRedirect(presented, [registered])).toBe(expected);
  });
});
