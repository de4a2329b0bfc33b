import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ConfigError } from '../../lib/contract/issues';
import { codeOf } from './error-code';

/** As OpenSSL's c_rehash and grid certificate packages name them: `5168735f.0`, `CERN-Root.pem`. */
const CERTIFICATE_FILE = /\.(pem|crt|cer|\d+)$/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certification authorities of a site, PEM. They take the place of Node's own, as in rucio.cfg.
 *
 * @param path - a PEM bundle, or a directory of them such as /etc/grid-security/certificates
 * @throws {ConfigError} when it can not be read or has no certificate
 */
export function readCaBundle(site: string, path: string): string {
  let text: string;
  try {
    text = statSync(path).isDirectory() ? readDirectory(path) : readFileSync(path, 'utf8');
  } catch (error) {
    throw problem(site, `${path} can not be read: ${codeOf(error)}`);
  }
  const certificates = new Set(text.match(CERTIFICATE));
  if (certificates.size === 0) throw problem(site, `${path} has no certificate in PEM form`);
  return `${[...certificates].join('\n')}\n`;
}

/** Names that lead nowhere are left out: such directories are full of links. */
function readDirectory(path: string): string {
  return readdirSync(path)
    .filter((name) => CERTIFICATE_FILE.test(name))
    .map((name) => {
      try {
        return readFileSync(join(path, name), 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');
}

function problem(site: string, message: string): ConfigError {
  return new ConfigError(
    [
      {
        path: ['sites', site, 'caFile'],
        message,
        expected: 'a PEM bundle of certification authorities, or a directory of them',
        fix: 'mount it there, or leave caFile (auth.sharedSecret.x509CertDir) out',
      },
    ],
    'the server document',
  );
}
