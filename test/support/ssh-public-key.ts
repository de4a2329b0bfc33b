import { type KeyObject, createPublicKey } from 'node:crypto';

/**
 * An RSA public key as one line of an `authorized_keys` file.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6
 */
export function sshPublicKey(key: KeyObject | string): string {
  const { n = '', e = '' } = (typeof key === 'string' ? createPublicKey(key) : key).export({
    format: 'jwk',
  });
  const fields = [Buffer.from('ssh-rsa'), integer(e), integer(n)].map((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return Buffer.concat([length, field]);
  });
  return `ssh-rsa ${Buffer.concat(fields).toString('base64')} for-tests`;
}

/** With a leading zero, so that it is not negative. */
function integer(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}
