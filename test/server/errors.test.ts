import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { AppError, ERROR_CODES } from '../../server/errors';

const ROOT = join(__dirname, '../..');

describe('the error codes', () => {
  it('are documented, each in one row, in order', () => {
    const text = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
    const documented = [...text.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
    expect(documented).toEqual([...ERROR_CODES].sort());
  });

  it.each(ERROR_CODES)('%s is used', (code) => {
    const server = join(ROOT, 'server');
    const users = readdirSync(server, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
      .filter((file) => readFileSync(join(server, file), 'utf8').includes(`'${code}'`));
    expect(users).not.toEqual([]);
  });
});

describe('AppError', () => {
  it('tells code, what, why and next, and never its cause', () => {
    const cause = new Error('secret');
    const error = new AppError('DENIED', { what: 'No.', why: 'Because', next: 'ask', cause });
    expect(error.publicMessage).toBe('[DENIED] No.\nBecause\nNext: ask');
    expect(error.message).toBe('DENIED: No.');
    expect(error.cause).toBe(cause);
  });

  it('leaves out a reason that is not known', () => {
    expect(new AppError('DENIED', { what: 'No.', next: 'ask' }).publicMessage).toBe(
      '[DENIED] No.\nNext: ask',
    );
  });
});
