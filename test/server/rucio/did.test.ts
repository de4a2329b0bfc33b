import { AppError } from '../../../server/errors';
import { parseDid, parseDids } from '../../../server/rucio/did';

describe('parseDid', () => {
  it.each([
    ['mock:ds', 'mock', 'ds'],
    [' `mock:ds` ', 'mock', 'ds'],
    ['mock:ds/', 'mock', 'ds'],
    ['mock: ds', 'mock', 'ds'],
    ['/belle/x:y', '/belle/x', 'y'],
    ['belle:/belle/user/x', 'belle', '/belle/user/x'],
  ])('reads %j', (text, scope, name) => {
    expect(parseDid(text)).toEqual({ scope, name });
  });

  // The same vectors as observed from Rucio's extract_scope with the algorithm "def".
  it.each([
    ['foo/', 'foo/', 'foo'],
    ['user', 'user', 'user'],
    ['user.jdoe.ds1/', 'user.jdoe', 'user.jdoe.ds1'],
    ['username.x.y', 'username.x', 'username.x.y'],
    ['groups.a.b', 'groups.a', 'groups.a.b'],
    ['data15.a/', 'data15', 'data15.a'],
  ])('takes the scope of %j from the name', (text, scope, name) => {
    expect(parseDid(text)).toEqual({ scope, name });
  });

  it.each(['', '  ', '``', ':x', 'x:', 'a:b:c', 'x:/', 'a:b\0c', 'a:b\nc', 'a\u0085:b'])(
    'refuses %j',
    (text) => {
      expect(() => parseDid(text)).toThrow(AppError);
    },
  );

  it('refuses a text that is too long, and cuts it in the error', () => {
    const error = thrown(() => parseDid(`mock:${'x'.repeat(2000)}`));
    expect(error.code).toBe('BAD_ARGUMENT');
    expect(error.publicMessage.length).toBeLessThan(450);
  });

  it('says how to write it', () => {
    expect(thrown(() => parseDid('a:b:c')).publicMessage).toBe(
      '[BAD_ARGUMENT] did "a:b:c" is not a DID: it has more than one colon.\n' +
        'Next: write scope:name, e.g. user.jdoe:my.dataset',
    );
  });
});

describe('parseDids', () => {
  it('reads several, each once', () => {
    expect(parseDids(' a:b\n`a:c`  a:b/ ', 'dids', 10)).toEqual([
      { scope: 'a', name: 'b' },
      { scope: 'a', name: 'c' },
    ]);
  });

  it('refuses none and too many', () => {
    expect(thrown(() => parseDids('  ', 'dids', 10)).code).toBe('BAD_ARGUMENT');
    expect(thrown(() => parseDids('a:b a:c', 'dids', 1)).code).toBe('TOO_BROAD');
  });
});

function thrown(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
