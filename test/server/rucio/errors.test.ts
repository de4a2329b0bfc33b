import { ERROR_CODES } from '../../../server/errors';
import { KNOWN_EXCEPTION_CLASSES, RucioError, errorFromAnswer } from '../../../server/rucio/errors';
import { cleanMessage, escapeName, quoteName } from '../../../server/rucio/untrusted-text';

const CONTEXT = { operation: 'get_did', site: 'test', subject: 'mock:ds' } as const;
const error = (exceptionClass: string, message: string) =>
  new RucioError(exceptionClass, message, 400, CONTEXT);

describe('RucioError', () => {
  it.each([
    ['DataIdentifierNotFound', 'DID_NOT_FOUND'],
    ['ScopeNotFound', 'SCOPE_NOT_FOUND'],
    ['RSENotFound', 'RSE_NOT_FOUND'],
    ['InvalidRSEExpression', 'RSE_EXPRESSION'],
    ['RuleNotFound', 'RULE_NOT_FOUND'],
    ['AccountNotFound', 'NOT_FOUND'],
    ['AccessDenied', 'DENIED'],
    ['CannotAuthorize', 'DENIED'],
    ['CannotAuthenticate', 'LOGIN'],
    ['InsufficientAccountLimit', 'QUOTA'],
    ['InsufficientTargetRSEs', 'TOO_FEW_RSES'],
    ['RSEWriteBlocked', 'RSE_BLOCKED'],
    ['DuplicateRule', 'DUPLICATE'],
    ['InvalidObject', 'BAD_ARGUMENT'],
    ['DIDFilterSyntaxError', 'BAD_ARGUMENT'],
    ['UnsupportedOperation', 'RUCIO_REFUSED'],
    ['DatabaseException', 'RUCIO_DOWN'],
    ['SomethingNew', 'RUCIO_REFUSED'],
    ['ValueError', 'RUCIO_REFUSED'],
    ['constructor', 'RUCIO_REFUSED'],
    ['__proto__', 'RUCIO_REFUSED'],
  ])('means by %s: %s', (exceptionClass, code) => {
    expect(error(exceptionClass, 'x').code).toBe(code);
  });

  it('has a known code and a complete text for every class', () => {
    for (const exceptionClass of KNOWN_EXCEPTION_CLASSES) {
      const { code, publicMessage } = error(exceptionClass, 'a reason');
      expect(ERROR_CODES).toContain(code);
      expect(publicMessage).toMatch(
        /^\[[A-Z_]+\] [A-Z].+(: "mock:ds" \(site test, get_did\)|\(site test, get_did "mock:ds"\))\.\n/,
      );
      expect(publicMessage).toMatch(/\nNext: .+[^.]$/);
    }
  });

  it('never shows SQL, unknown messages or the name of an unknown class that is not a word', () => {
    const sql = 'INSERT INTO rules (id) VALUES (1)';
    expect(error('DuplicateRule', sql).publicMessage).not.toContain('INSERT');
    expect(error('DatabaseException', sql).publicMessage).not.toContain('INSERT');
    expect(error('SomethingNew', sql).publicMessage).not.toContain('INSERT');
    expect(error('SomethingNew', sql).what).toContain('with SomethingNew');
    expect(error('<script>', sql).publicMessage).not.toContain('script');
  });

  it('shows a message of a listed class as harmless text', () => {
    const message = `bad\u202E \u0007term\n${'x'.repeat(500)}`;
    const { why } = error('InvalidRSEExpression', message);
    expect(why).toMatch(/^Rucio says: bad term x+…$/);
    expect(why?.length).toBe('Rucio says: '.length + 300);
  });
});

describe('errorFromAnswer', () => {
  const none = () => undefined;

  it('prefers the body, which has the whole message', () => {
    const body = JSON.stringify({ ExceptionClass: 'RSENotFound', ExceptionMessage: 'whole' });
    const header = () => 'AccessDenied';
    const told = errorFromAnswer({ status: 404, header, body }, CONTEXT);
    expect(told).toMatchObject({ code: 'RSE_NOT_FOUND', exceptionMessage: 'whole' });
  });

  it.each(['null', '"x"', '[]', '{"ExceptionClass": 5}', '{"ExceptionClass": ""}', '<html>', ''])(
    'takes an answer without a class for no answer: %s',
    (body) => {
      const told = errorFromAnswer({ status: 500, header: none, body }, CONTEXT);
      expect(told.code).toBe('RUCIO_DOWN');
      expect(told).not.toBeInstanceOf(RucioError);
    },
  );
});

describe('T32: prompt injection: untrusted text', () => {
  it('is escaped where it is data', () => {
    expect(escapeName('a\u202Eb\u0000c\u200Bd\ud800')).toBe(
      'a\\u{202E}b\\u{0}c\\u{200B}d\\u{D800}',
    );
    expect(escapeName('ünï-日本-😀')).toBe('ünï-日本-😀');
    expect(escapeName('x'.repeat(300))).toHaveLength(300);
    expect(escapeName('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
    expect(escapeName(`${'x'.repeat(298)}😀😀`)).toBe(`${'x'.repeat(298)}…`);
  });

  it('is quoted inside a sentence', () => {
    expect(quoteName('a" and "b')).toBe('"a\\" and \\"b"');
  });

  it('is folded and stripped where it is a message', () => {
    expect(cleanMessage(' a\n\tb \u2066c\u2069 ')).toBe('a b c');
  });
});
