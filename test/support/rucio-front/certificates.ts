import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand } from '../real-rucio/run-command';

/** A certificate and its key, as PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** A small public key infrastructure, good for two days, made by openssl in a directory. */
export interface Certificates {
  readonly caFile: string;
  readonly host: { readonly certFile: string; readonly keyFile: string };
  /** Makes a client certificate of `/O=Demo/CN=<name>`. */
  client(name: string): Promise<KeyPair>;
  /** Makes a proxy certificate (RFC 3820): the proxy, its key, and the certificate that signed it. */
  proxy(of: KeyPair, name: string): Promise<string>;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const DAYS = ['-days', '2'];

/** @param names - DNS names of the host, besides 127.0.0.1 */
export async function makeCertificates(
  directory: string,
  names: readonly string[] = [],
): Promise<Certificates> {
  const at = (file: string) => join(directory, file);
  const openssl = (...args: string[]) => runCommand('openssl', args, { cwd: directory });
  await openssl(
    ...['req', '-x509', ...NEW_KEY, ...DAYS, '-subj', '/O=Demo/CN=Test CA'],
    ...['-keyout', 'ca.key', '-out', 'ca.pem'],
  );
  const issue = async (file: string, subject: string, extensions: string, issuer: string) => {
    await writeFile(at(`${file}.ext`), extensions);
    await openssl(
      ...['req', ...NEW_KEY, '-subj', subject, '-keyout', `${file}.key`, '-out', `${file}.csr`],
    );
    await openssl(
      ...['x509', '-req', '-in', `${file}.csr`, '-out', `${file}.pem`, ...DAYS],
      ...['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial'],
      ...['-extfile', `${file}.ext`],
    );
    const [cert, key] = await Promise.all([
      readFile(at(`${file}.pem`), 'utf8'),
      readFile(at(`${file}.key`), 'utf8'),
    ]);
    return { cert, key };
  };
  const alternatives = ['IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join(',');
  await issue('host', '/CN=127.0.0.1', `subjectAltName=${alternatives}\n`, 'ca');
  let made = 0;
  return {
    caFile: at('ca.pem'),
    host: { certFile: at('host.pem'), keyFile: at('host.key') },
    client: async (name) =>
      issue(
        `client-${(made += 1)}`,
        `/O=Demo/CN=${name}`,
        'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n',
        'ca',
      ),
    proxy: async (of, name) => {
      made += 1;
      const issuer = `issuer-${made}`;
      await writeFile(at(`${issuer}.pem`), of.cert);
      await writeFile(at(`${issuer}.key`), of.key);
      const proxy = await issue(
        `proxy-${made}`,
        `/O=Demo/CN=${name}/CN=4711`,
        'keyUsage=critical,digitalSignature\n' +
          'proxyCertInfo=critical,language:id-ppl-inheritAll\n',
        issuer,
      );
      return proxy.cert + proxy.key + of.cert;
    },
  };
}
