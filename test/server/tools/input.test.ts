import fc from 'fast-check';
import { z } from 'zod';

import { AppError } from '../../../server/errors';
import { ALL_TOOLS } from '../../../server/tools';
import { parseInput } from '../../../server/tools/input';

const tool = {
  name: 'rucio_list_dids',
  input: z.strictObject({
    did_pattern: z.string(),
    did_type: z.enum(['file', 'all']).default('all'),
    recursive: z.boolean().default(false),
    limit: z.int().default(50),
    note: z.string().optional(),
  }),
} as const;

function refusal(args: unknown): string {
  try {
    parseInput(tool, args);
  } catch (error) {
    if (error instanceof AppError) return error.publicMessage;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parseInput', () => {
  it('fills in defaults', () => {
    expect(parseInput(tool, { did_pattern: 'a:b' })).toEqual({
      did_pattern: 'a:b',
      did_type: 'all',
      recursive: false,
      limit: 50,
    });
  });

  it('accepts what can mean only one thing', () => {
    const args = {
      did_pattern: 'a:b',
      did_type: ' FILE',
      recursive: 'True',
      limit: '7',
      note: null,
    };
    expect(parseInput(tool, args)).toEqual({
      did_pattern: 'a:b',
      did_type: 'file',
      recursive: true,
      limit: 7,
    });
  });

  it('takes missing arguments for none', () => {
    const pingTool = { name: 'rucio_ping', input: z.strictObject({}) } as const;
    expect(parseInput(pingTool, undefined)).toEqual({});
    expect(parseInput(pingTool, null)).toEqual({});
  });

  it('names every wrong argument at once and lists the valid ones', () => {
    expect(refusal({ did_patern: 'a:b', did_type: 'datset', limit: 1.5, acount: 'x' })).toBe(
      '[BAD_ARGUMENT] rucio_list_dids can not take these arguments: did_pattern is missing; ' +
        'did_type: invalid option: expected one of "file"|"all"; ' +
        'limit: invalid input: expected int, received number; ' +
        '"did_patern" is unknown; did you mean did_pattern?; "acount" is unknown.\n' +
        'Next: call again with: did_pattern (required), did_type, recursive, limit, note',
    );
  });

  it.each([[[]], ['text'], [5], [true]])('refuses arguments that are no object: %j', (args) => {
    expect(refusal(args)).toMatch(/the arguments must be an object/);
  });

  it('escapes and cuts the names of unknown arguments', () => {
    const message = refusal({ did_pattern: 'a:b', [`\u202Eevil\n${'x'.repeat(500)}`]: 1 });
    expect(message).toContain('"\\u{202E}evil\\u{A}');
    expect(message.length).toBeLessThan(300);
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for an unknown argument', (key) => {
    const args = JSON.parse(`{"did_pattern": "a:b", "${key}": {"limit": 1}}`) as unknown;
    expect(refusal(args)).toContain(`"${key}" is unknown`);
  });

  it('either parses or throws BAD_ARGUMENT, for any tool and any JSON', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL_TOOLS), fc.jsonValue(), (any, args) => {
        try {
          parseInput(any, args);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toMatchObject({ code: 'BAD_ARGUMENT' });
        }
      }),
    );
  });
});
