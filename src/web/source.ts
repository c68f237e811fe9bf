// Where a request came from: the connection's address, or what a configured proxy says. For throttling alone; it proves nothing.
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
const plainAddress = (address: string): string => address.replace(/^::ffff:/, '');

/** The proxies whose X-Forwarded-For is believed: addresses and networks, as in the configuration. */
function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(address, family(address));
    else list.addSubnet(address, Number(bits), family(address));
  }
  return list;
}

/**
 * Makes the question: the last hop that is not itself one of ours. A forged header of anybody else changes nothing, and
 * what is no address is not taken.
 */
export function sourceReader(
  trustedProxies: readonly string[],
): (req: Pick<IncomingMessage, 'headers' | 'socket'>) => string {
  const list = listOf(trustedProxies);
  const ours = (address: string): boolean => isIP(address) !== 0 && list.check(address, family(address));
  return ({ headers, socket }) => {
    const peer = plainAddress(socket.remoteAddress ?? '');
    if (!ours(peer)) return placeOf(peer);
    const told = headers['x-forwarded-for'] ?? '';
    const hops = (typeof told === 'string' ? told : told.join(',')).split(',').map((hop) => plainAddress(hop.trim()));
    const foreign = hops.reverse().find((hop) => !ours(hop));
    return placeOf(foreign !== undefined && isIP(foreign) !== 0 ? foreign : peer);
  };
}

/** One line of a subscriber has 2^64 IPv6 addresses: it counts as one place, its first 64 bits. */
function placeOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = new URL(`http://[${address.replace(/%.*$/, '')}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return `${[...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4).join(':')}::/64`;
}
