import { X509Certificate, createPrivateKey } from 'node:crypto';

import { formatMinute } from './format-minute';
import type { CredentialFile } from './credential-file';

/** A client certificate as TLS wants it, checked. */
export interface ClientCertificate {
  /** PEM of the certificate and its chain. */
  readonly cert: string;
  /** PEM of the private key. */
  readonly key: string;
  /** When the first certificate of the chain ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads and checks a certificate and its key, which may be in the same file.
 *
 * @param now - in milliseconds since the epoch
 * @throws {CredentialError} when a file can not be read or is not PEM, the key has a passphrase or does
 *   not belong to the certificate, or a certificate is not valid now
 */
export async function readClientCertificate(
  certFile: CredentialFile,
  keyFile: CredentialFile,
  now: number,
): Promise<ClientCertificate> {
  const cert = await certFile.read();
  const key = certFile === keyFile ? cert : await keyFile.read();
  const chain = parseChain(certFile, cert);
  const privateKey = parseKey(keyFile, key);
  const [leaf] = chain;
  if (leaf === undefined) throw notPem(certFile);
  if (!leaf.checkPrivateKey(privateKey)) {
    throw keyFile.error(
      'has a key that does not belong to the certificate',
      'put a certificate and its own key into the Secret',
    );
  }
  const expiresAt = Math.min(...chain.map(({ validTo }) => Date.parse(validTo)));
  const validFrom = Math.max(...chain.map((one) => Date.parse(one.validFrom)));
  if (now >= expiresAt) {
    throw certFile.error(`expired on ${formatMinute(expiresAt)}`, 'renew it in the Secret');
  }
  if (now < validFrom) {
    throw certFile.error(
      `is not valid before ${formatMinute(validFrom)}`,
      'check the clock of the node, or renew it in the Secret',
    );
  }
  return { cert, key, expiresAt };
}

function parseChain(file: CredentialFile, pem: string): X509Certificate[] {
  const blocks = pem.match(CERTIFICATE) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw notPem(file, error);
  }
}

function parseKey(file: CredentialFile, pem: string) {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    throw file.error('has a key with a passphrase', 'put a key without a passphrase there');
  }
  const block = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]+-----END \1-----/.exec(pem)?.[0];
  try {
    if (block !== undefined) return createPrivateKey(block);
  } catch (error) {
    throw file.error('has no private key that can be used', 'put its PEM there', error);
  }
  throw file.error('has no private key', 'put its PEM there');
}

function notPem(file: CredentialFile, cause?: unknown) {
  return file.error('has no certificate in PEM form', 'put its PEM there', cause);
}
