import { type KeyObject, createPrivateKey } from 'node:crypto';

import type { CredentialFile } from './credential-file';
import { OpenSshKeyError, parseOpenSshRsaKey } from './openssh-key';

/** How to make a key that Rucio takes. */
const FIX = 'put an RSA key without a passphrase there: ssh-keygen -t rsa -b 4096 -m PEM -N ""';

/**
 * Reads an RSA key, in PEM or in OpenSSH's own form.
 *
 * @throws {CredentialError} when the file can not be read, has no key, a key of another kind, or one
 *   with a passphrase
 */
export async function readRsaKey(file: CredentialFile): Promise<KeyObject> {
  const text = await file.read();
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    throw file.error('has a passphrase', FIX);
  }
  const key = parseKey(file, text);
  if (key.asymmetricKeyType !== 'rsa') {
    throw file.error(`is not an RSA key but ${key.asymmetricKeyType ?? 'unknown'}`, FIX);
  }
  return key;
}

function parseKey(file: CredentialFile, text: string): KeyObject {
  try {
    return text.includes('BEGIN OPENSSH PRIVATE KEY')
      ? parseOpenSshRsaKey(text)
      : createPrivateKey(text);
  } catch (error) {
    const problem =
      error instanceof OpenSshKeyError ? error.message : 'has no private key in PEM form';
    throw file.error(problem, FIX, error);
  }
}
