import ipaddr from 'ipaddr.js';

/** Global unicast, of which IANA has given out addresses so far. @see RFC 4291 section 2.4 */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');
/** Special in there beyond what the library names. @see IANA IPv6 special-purpose registry */
const SPECIAL = [
  '2001::/23', // IETF protocol assignments
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: an IPv4 address inside
  '3fff::/20', // documentation
].map((block) => ipaddr.parseCIDR(block));
/** Interface identifiers of ISATAP, with an IPv4 address behind. @see RFC 5214 section 6.1 */
const ISATAP = new Set(['0:5efe', '200:5efe']);

/**
 * Whether an address is one of the public internet: no special-purpose range of RFC 6890, and none
 * that hides an IPv4 address in an IPv6 one.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) {
    // The parser also takes 127.1 and 0x7f000001; a resolver never answers so.
    return ipaddr.IPv4.isValidFourPartDecimal(address) && parsed.range() === 'unicast';
  }
  const [, , , , high = 0, low = 0] = parsed.parts;
  return (
    parsed.range() === 'unicast' &&
    parsed.match(GLOBAL_UNICAST) &&
    !SPECIAL.some((block) => parsed.match(block)) &&
    !ISATAP.has(`${high.toString(16)}:${low.toString(16)}`)
  );
}
