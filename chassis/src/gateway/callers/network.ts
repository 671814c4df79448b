import { isIP } from 'node:net';

/** An address without the form that IPv4 takes on a socket of IPv6; `unknown` for what is none. */
export function plainAddress(address: string | undefined): string {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  return isIP(plain) === 0 ? 'unknown' : plain;
}

/**
 * What one caller can be taken to have: an IPv4 address, or the /64 network of an IPv6 one, as a
 * household has 2⁶⁴ of these.
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const [front = '', back] = plain.split('%')[0]?.split('::') ?? [];
  const before = front === '' ? [] : front.split(':');
  const after = back === undefined || back === '' ? [] : back.split(':');
  const zeros = back === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
  const network = [...before, ...zeros, ...after].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
