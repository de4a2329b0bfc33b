import { type KeyObject, createPrivateKey } from 'node:crypto';

/** Its message continues "the file …". */
export class OpenSshKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OpenSshKeyError';
  }
}

const MAGIC = 'openssh-key-v1\0';

/**
 * The RSA key of a file as `ssh-keygen` writes it today, which Node itself does not read.
 *
 * @throws {OpenSshKeyError} when it has a passphrase, is no RSA key, or is damaged
 * @see https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key
 */
export function parseOpenSshRsaKey(text: string): KeyObject {
  const base64 =
    /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END OPENSSH PRIVATE KEY-----/.exec(text)?.[1] ??
    '';
  const file = new Reader(Buffer.from(base64, 'base64'));
  if (file.take(MAGIC.length).toString('latin1') !== MAGIC) throw damaged();
  const cipher = file.string().toString('latin1');
  if (cipher !== 'none') throw new OpenSshKeyError('has a passphrase');
  file.string(); // The function that would make a key of the passphrase,
  file.string(); // and its options.
  if (file.number() !== 1) throw new OpenSshKeyError('has more than one key');
  file.string(); // The public key.
  const secret = new Reader(file.string());
  if (secret.number() !== secret.number()) throw damaged();
  const type = secret.string().toString('latin1');
  if (type !== 'ssh-rsa') throw new OpenSshKeyError('is not an RSA key');
  const [n, e, d, qi, p, q] = [0, 1, 2, 3, 4, 5].map(() => secret.integer()) as Six;
  const jwk = { kty: 'RSA', ...encode({ n, e, d, p, q, qi, dp: d % (p - 1n), dq: d % (q - 1n) }) };
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw damaged();
  }
}

type Six = [bigint, bigint, bigint, bigint, bigint, bigint];

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(length: number): Buffer {
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    if (part.length !== length) throw damaged();
    this.#at += length;
    return part;
  }

  number(): number {
    return this.take(4).readUInt32BE();
  }

  string(): Buffer {
    return this.take(this.number());
  }

  integer(): bigint {
    return BigInt(`0x0${this.string().toString('hex')}`);
  }
}

/** As JSON Web Keys have integers (RFC 7518, section 6.3). */
function encode(integers: Record<string, bigint>): Record<string, string> {
  const entries = Object.entries(integers).map(([name, value]) => {
    const hex = value.toString(16);
    return [
      name,
      Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url'),
    ];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

function damaged(): OpenSshKeyError {
  return new OpenSshKeyError('has a damaged OpenSSH key');
}
