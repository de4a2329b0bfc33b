import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CredentialFile } from '../../../server/rucio/sign-in/credential-file';
import { checkKeytab } from '../../../server/rucio/sign-in/keytab';

const ROBOT = 'robot@EXAMPLE.ORG';
const AES256 = 18;
const RC4 = 23;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-keytab-'));
});
afterEach(() => rm(directory, { recursive: true }));

const short = (number: number) => Buffer.from([number >> 8, number & 255]);
const long = (number: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
};
const counted = (bytes: Buffer | string) => {
  const content = Buffer.from(bytes as string);
  return Buffer.concat([short(content.length), content]);
};

interface Key {
  readonly principal?: string;
  readonly type?: number;
  readonly version?: number;
  /** Whether the version stands behind the key as well, as MIT writes it. */
  readonly isLong?: boolean;
}

/** One entry, as MIT Kerberos writes it. */
function entry({ principal = ROBOT, type = AES256, version = 1, isLong = true }: Key = {}): Buffer {
  const [name = '', realm = ''] = principal.split('@');
  const components = name.split('/');
  const content = Buffer.concat([
    short(components.length),
    counted(realm),
    ...components.map(counted),
    long(1),
    long(1_700_000_000),
    Buffer.from([version & 255]),
    short(type),
    counted(Buffer.alloc(32, 'hunter2')),
    ...(isLong ? [long(version)] : []),
  ]);
  return Buffer.concat([long(content.length), content]);
}

const keytab = (...entries: Buffer[]) => Buffer.concat([Buffer.from([5, 2]), ...entries]);

async function check(content: Buffer, principal = ROBOT): Promise<unknown> {
  const path = join(directory, 'krb5.keytab');
  await writeFile(path, content);
  const file = new CredentialFile({ field: 'keytabFile', noun: 'keytab', path });
  return checkKeytab(file, principal).then(
    () => 'ok',
    (error: unknown) => {
      expect(String(error)).not.toContain('hunter2');
      return String(error);
    },
  );
}

test.each<[title: string, content: Buffer, principal: string]>([
  ['one key', keytab(entry()), ROBOT],
  ['a key without the long version', keytab(entry({ isLong: false })), ROBOT],
  ['a service', keytab(entry({ principal: 'rucio/mcp.example.org@A' })), 'rucio/mcp.example.org@A'],
  ['a place of a removed entry', keytab(long(-7), Buffer.alloc(7), entry()), ROBOT],
  ['several types', keytab(entry({ type: RC4 }), entry()), ROBOT],
  [
    'an outdated type of an earlier version',
    keytab(entry({ type: RC4 }), entry({ version: 300 })),
    ROBOT,
  ],
  [
    'another principal behind it',
    keytab(entry(), entry({ principal: 'other@EXAMPLE.ORG' })),
    ROBOT,
  ],
  ['nought at the end', Buffer.concat([keytab(entry()), Buffer.alloc(8)]), ROBOT],
])('takes a keytab with %s', async (_title, content, principal) => {
  expect(await check(content, principal)).toBe('ok');
});

test.each<[string, Buffer, RegExp]>([
  ['text', Buffer.from('not a keytab'), /is not a Kerberos keytab/],
  ['version 1', Buffer.from([5, 1, 0, 0]), /of version 1, not 2/],
  ['no entry', keytab(), /has no key in it/],
  ['removed entries only', keytab(long(-7), Buffer.alloc(7)), /has no key in it/],
  ['a cut entry', keytab(entry()).subarray(0, 30), /cut off or damaged/],
  ['a wrong length inside', keytab(long(6), Buffer.alloc(6, 255)), /cut off or damaged/],
  ['another realm', keytab(entry({ principal: 'robot@OTHER' })), /but of robot@OTHER/],
  [
    'another principal first',
    keytab(entry({ principal: 'other@EXAMPLE.ORG' }), entry()),
    /begins with a key of other@EXAMPLE\.ORG/,
  ],
  [
    'an outdated type of the newest version',
    keytab(entry(), entry({ type: RC4, version: 2 })),
    /outdated encryption types only/,
  ],
])('refuses a keytab with %s', async (_title, content, expected) => {
  expect(await check(content)).toMatch(expected);
});

test('names of a keytab can not act on a terminal', async () => {
  const found = await check(keytab(entry({ principal: '\u001b[2Jevil@EXAMPLE.ORG' })));
  expect(found).toContain('?[2Jevil@EXAMPLE.ORG');
});
