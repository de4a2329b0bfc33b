import type { CredentialFile } from './credential-file';

/** A key of a keytab, without the key itself. */
interface KeytabEntry {
  /** `robot@EXAMPLE.ORG`. */
  readonly principal: string;
  /** Version of the key: 1 more with every new password. */
  readonly version: number;
  /** Number of the encryption type. */
  readonly type: number;
}

/**
 * Encryption types that are not outdated (RFC 8429, section 4): AES with SHA-1 and with SHA-2, and
 * Camellia.
 *
 * @see https://www.iana.org/assignments/kerberos-parameters (Kerberos Encryption Type Numbers)
 */
const CURRENT_TYPES: ReadonlySet<number> = new Set([17, 18, 19, 20, 25, 26]);

/** How to make a keytab that can be used. */
const FIX =
  'make it anew and put it into the Secret, with MIT Kerberos: ' +
  'kadmin ktadd -k krb5.keytab PRINCIPAL';

/**
 * Checks a keytab as far as that can be done without a server. Keys are not looked at.
 *
 * The Kerberos library signs in as the principal of the first entry, so that has to be the robot.
 *
 * @param principal - the robot, `robot@EXAMPLE.ORG`
 * @throws {CredentialError} when the file can not be read, is no keytab of version 2 or is cut off,
 *   begins with another principal, or when the newest keys of the principal are all of outdated types
 */
export async function checkKeytab(file: CredentialFile, principal: string): Promise<void> {
  const bytes = await file.readBytes();
  const [major, minor] = bytes;
  if (major !== 5) throw file.error('is not a Kerberos keytab', FIX);
  if (minor !== 2) throw file.error(`is a keytab of version ${minor ?? 0}, not 2`, FIX);
  const entries = readEntries(bytes, file);
  const [first] = entries;
  if (first === undefined) throw file.error('has no key in it', FIX);
  const own = entries.filter((entry) => entry.principal === principal);
  if (own.length === 0) {
    const found = [...new Set(entries.map((entry) => entry.principal))].slice(0, 3).join(', ');
    throw file.error(
      `has no key of ${principal}, but of ${found}`,
      'write that principal in auth.sharedSecret.gss.principal, or put another keytab there',
    );
  }
  if (first.principal !== principal) {
    throw file.error(
      `begins with a key of ${first.principal}, and Kerberos takes the first`,
      `put a keytab there with the keys of ${principal} only`,
    );
  }
  const newest = Math.max(...own.map(({ version }) => version));
  if (!own.some(({ version, type }) => version === newest && CURRENT_TYPES.has(type))) {
    throw file.error('has keys of outdated encryption types only', `${FIX} (with an AES key)`);
  }
}

/** What a cut-off file lacks. */
class EndOfFile extends Error {}

/** @see https://web.mit.edu/kerberos/krb5-latest/doc/formats/keytab_file_format.html */
function readEntries(bytes: Buffer, file: CredentialFile): KeytabEntry[] {
  const entries: KeytabEntry[] = [];
  try {
    const reader = new Reader(bytes.subarray(2));
    while (!reader.isAtEnd) {
      const size = reader.take(4).readInt32BE();
      if (size === 0) break;
      // Less than nothing is the place of an entry that was removed.
      const content = reader.take(Math.abs(size));
      if (size > 0) entries.push(readEntry(new Reader(content)));
    }
  } catch (error) {
    if (!(error instanceof EndOfFile)) throw error;
    throw file.error('is a keytab that is cut off or damaged', FIX, error);
  }
  return entries;
}

function readEntry(reader: Reader): KeytabEntry {
  const count = reader.short();
  const realm = reader.text();
  const names = Array.from({ length: count }, () => reader.text());
  reader.take(8); // Type of the name, time.
  const [shortVersion = 0] = reader.take(1);
  const type = reader.short();
  reader.take(reader.short());
  // Versions above 255 stand behind the key; nought means that nothing does.
  const version = reader.left >= 4 ? reader.take(4).readUInt32BE() : 0;
  return {
    principal: `${names.join('/')}@${realm}`,
    version: version === 0 ? shortVersion : version,
    type,
  };
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  get isAtEnd(): boolean {
    return this.left === 0;
  }

  take(length: number): Buffer {
    if (length > this.left) throw new EndOfFile();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  short(): number {
    return this.take(2).readUInt16BE();
  }

  /** Only what can be shown: names of principals end in messages. */
  text(): string {
    return this.take(this.short())
      .toString('utf8')
      .replace(/[^\x20-\x7e]/g, '?');
  }
}
