import { X509Certificate } from 'node:crypto';

/** DER of the object identifier 1.3.6.1.4.1.8005.100.100.4: VOMS attributes. */
const VOMS_ATTRIBUTES = Buffer.from('060a2b06010401be45646404', 'hex');
const OCTET_STRING = 0x04;
/** `[6]` of a GeneralName: a URI. */
const URI = 0x86;
const CONSTRUCTED = 0x20;
const MAX_DEPTH = 8;

/** What a proxy certificate tells about itself. */
export interface ProxyCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** The subject of the person or robot that the proxy was made from. */
  readonly identity: string;
  readonly keyBits: number | undefined;
  readonly notAfter: Date;
  readonly vo: string | undefined;
  /** Fully qualified attribute names, e.g. `/atlas/Role=production`. */
  readonly fqans: readonly string[];
}

/**
 * Reads the certificates of a proxy file; its private key is not looked at.
 *
 * @returns undefined when there is no certificate in the text
 * @throws {Error} when one can not be parsed
 * @see RFC 3820; for the VOMS attributes https://www.ogf.org/documents/GFD.182.pdf section 3.4
 */
export function parseProxy(pem: string): ProxyCertificate | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const [proxy, ...chain] = blocks.map((block) => new X509Certificate(block));
  if (proxy === undefined) return undefined;
  const { vo, fqans } = vomsAttributes(proxy.raw);
  return {
    subject: oneLine(proxy.subject),
    issuer: oneLine(proxy.issuer),
    identity: oneLine(identityOf([proxy, ...chain])),
    keyBits: proxy.publicKey.asymmetricKeyDetails?.modulusLength,
    notAfter: new Date(proxy.validTo),
    vo,
    fqans,
  };
}

/** Each proxy's subject is its issuer's with one more CN, so that the shortest issuer is the root of it. */
function identityOf(chain: readonly X509Certificate[]): string {
  let { subject } = chain[0] ?? { subject: '' };
  for (const { subject: own, issuer } of chain) {
    if (own !== subject || !own.startsWith(`${issuer}\n`)) break;
    subject = issuer;
  }
  return subject;
}

/** `/DC=ch/CN=robot` from Node's one line an attribute. */
function oneLine(name: string): string {
  return `/${name.split('\n').join('/')}`;
}

function vomsAttributes(der: Buffer): { vo: string | undefined; fqans: string[] } {
  const at = der.indexOf(VOMS_ATTRIBUTES);
  const fqans: string[] = [];
  let vo: string | undefined;
  if (at < 0) return { vo, fqans };
  const visit = (start: number, end: number, depth: number): void => {
    for (let next = start; next < end && depth < MAX_DEPTH;) {
      const { tag, from, to } = readElement(der, next);
      if (to > end) return;
      const text = der.toString('latin1', from, to);
      if (tag === OCTET_STRING) fqans.push(text);
      else if (tag === URI) vo ??= text.split('://')[0];
      else if ((tag & CONSTRUCTED) !== 0) visit(from, to, depth + 1);
      next = to;
    }
  };
  const values = readElement(der, at + VOMS_ATTRIBUTES.length);
  visit(values.from, Math.min(values.to, der.length), 0);
  return { vo, fqans };
}

/** Tag and content of a DER element. @see ITU-T X.690 section 8.1 */
function readElement(der: Buffer, at: number): { tag: number; from: number; to: number } {
  const tag = der[at] ?? 0;
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { tag, from: at + 2, to: at + 2 + first };
  const bytes = first & 0x7f;
  let length = 0;
  for (let index = 0; index < bytes; index += 1) length = length * 256 + (der[at + 2 + index] ?? 0);
  return { tag, from: at + 2 + bytes, to: at + 2 + bytes + length };
}
