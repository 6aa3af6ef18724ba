import { isIPv4, isIPv6 } from 'node:net';

/** What becomes of a client's address: kept, cut to its network, or left out. */
export const ADDRESS_POLICIES = ['full', 'truncated', 'none'] as const;
export type AddressPolicy = (typeof ADDRESS_POLICIES)[number];

/**
 * The address as it may be kept. Cut, IPv4 keeps 24 bits and IPv6 48, as Google Analytics and the guidelines of European
 * data protection authorities have it: a network, not a household. What is no address is left out.
 */
export function keptAddress(address: string | undefined, policy: AddressPolicy): string | undefined {
  if (address === undefined || policy === 'none') return undefined;
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(plain)) return policy === 'full' ? plain : plain.replace(/\d+$/, '0');
  if (!isIPv6(plain)) return undefined;
  return policy === 'full' ? plain : `${groupsOf(plain).slice(0, 3).join(':')}::`;
}

/** The first groups of an IPv6 address, without leading zeros; `::` stands for those left out. */
function groupsOf(address: string): string[] {
  const [head = '', tail = ''] = address.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const missing = Math.max(0, 8 - before.length - after.length);
  const all = address.includes('::') ? [...before, ...Array<string>(missing).fill('0'), ...after] : before;
  return all.map((group) => group.replace(/^0+(?=.)/, '').toLowerCase());
}
