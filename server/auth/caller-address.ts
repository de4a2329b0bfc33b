import ipaddr from 'ipaddr.js';

/** What a proxy may write: IPv4, or IPv6 in brackets, with a port behind it. */
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/;
/** Bits of an IPv6 address that tell one network from another. @see RFC 4291 section 2.5.4 */
const NETWORK_BITS = 64;

/**
 * What requests are counted by. One caller has a whole IPv6 network, and may use another address of it
 * for every request; hence all of a /64 count as one.
 *
 * @param ip - as the connection or the trusted proxy tells it
 * @returns an IPv4 address, an IPv6 network, or `unknown` for anything else; at most 42 characters
 */
export function callerAddress(ip: string): string {
  const [, inBrackets, beforePort] = WITH_PORT.exec(ip) ?? [];
  const bare = (inBrackets ?? beforePort ?? ip).replace(/%.*$/, '');
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return bare;
  if (!ipaddr.IPv6.isValid(bare)) return 'unknown';
  const address = ipaddr.IPv6.parse(bare);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${bare}/${NETWORK_BITS}`).toString()}/${NETWORK_BITS}`;
}
