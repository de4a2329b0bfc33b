import { isIPv6 } from 'node:net';

/**
 * The addresses at the edges of a block: its first and last, and their neighbours outside. Blocks
 * are nested or apart, so among the edges of several there is one address of every sort that they
 * tell apart.
 *
 * @param cidr - `192.0.2.0/24` or `2001:db8::/32`
 */
export function edgesOf(cidr: string): string[] {
  const [network = '', prefix = ''] = cidr.split('/');
  const bits = isIPv6(network) ? 128 : 32;
  const size = 1n << BigInt(bits - Number(prefix));
  const first = (toNumber(network) / size) * size;
  const last = first + size - 1n;
  return [first - 1n, first, last, last + 1n]
    .filter((number) => number >= 0n && number < 1n << BigInt(bits))
    .map((number) => toText(number, bits));
}

function toNumber(address: string): bigint {
  if (!isIPv6(address)) return join(address.split('.').map(Number), 8n);
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean).flatMap(group);
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return join([...left, ...zeros, ...right], 16n);
}

/** One group of an IPv6 address, or the IPv4 address at its end as two. */
function group(text: string): number[] {
  if (!text.includes('.')) return [Number.parseInt(text, 16)];
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

function join(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((number, part) => (number << bits) | BigInt(part), 0n);
}

function toText(number: bigint, bits: number): string {
  const width = bits === 32 ? 8 : 16;
  const parts = Array.from({ length: bits / width }, (_, index) => {
    const shift = BigInt(bits - width * (index + 1));
    return Number((number >> shift) & ((1n << BigInt(width)) - 1n));
  });
  return bits === 32 ? parts.join('.') : parts.map((part) => part.toString(16)).join(':');
}
