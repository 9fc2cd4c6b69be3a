import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { RegistryError } from './errors.ts';

/** What kind of place an address is, for the decision whether to connect to it. */
export type AddressClass = 'public' | 'private' | 'loopback' | 'link_local' | 'metadata' | 'reserved';

const v4: Record<Exclude<AddressClass, 'public'>, readonly (readonly [string, number])[]> = {
  // Instance metadata and host agents of the large clouds; some lie outside the link-local range.
  metadata: [
    ['169.254.169.254', 32],
    ['169.254.170.2', 32],
    ['100.100.100.200', 32],
    ['168.63.129.16', 32],
    ['192.0.0.192', 32],
  ],
  link_local: [['169.254.0.0', 16]],
  loopback: [['127.0.0.0', 8]],
  reserved: [
    ['0.0.0.0', 8],
    ['192.0.0.0', 24],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ],
  private: [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
    ['198.18.0.0', 15],
  ],
};

const v6: typeof v4 = {
  metadata: [['fd00:ec2::254', 128]],
  link_local: [['fe80::', 10]],
  loopback: [['::1', 128]],
  reserved: [
    ['::', 128],
    ['ff00::', 8],
  ],
  private: [
    ['fc00::', 7],
    ['fec0::', 10],
  ],
};

// Address families that carry an IPv4 address inside: mapped, translated (NAT64), 6to4 and the old compatible form.
const embeddings = [
  { prefix: '::ffff:', bits: 96 },
  { prefix: '64:ff9b::', bits: 96 },
  { prefix: '::', bits: 96 },
] as const;

const order = ['metadata', 'link_local', 'loopback', 'reserved', 'private'] as const;

const lists = new Map(
  order.map((name) => {
    const list = new BlockList();
    for (const [net, bits] of v4[name]) {
      list.addSubnet(net, bits, 'ipv4');
      for (const { prefix, bits: outer } of embeddings) list.addSubnet(`${prefix}${net}`, outer + bits, 'ipv6');
      list.addSubnet(sixToFour(net), 16 + bits, 'ipv6');
    }
    for (const [net, bits] of v6[name]) list.addSubnet(net, bits, 'ipv6');
    return [name, list] as const;
  }),
);

function sixToFour(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return `2002:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}::`;
}

/** Classifies a literal address; IPv4 inside IPv6 counts as the IPv4 address. Not an address: `reserved`. */
export function classifyAddress(address: string): AddressClass {
  const bare = address.replace(/%.*$/, '');
  const family = isIP(bare);
  if (family === 0) return 'reserved';
  return order.find((name) => lists.get(name)?.check(bare, family === 4 ? 'ipv4' : 'ipv6')) ?? 'public';
}

/** Whether a host as written (no lookup) names this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(bare) !== 0) return classifyAddress(bare) === 'loopback';
  return bare === 'localhost' || bare.endsWith('.localhost');
}

/** Decides about addresses after name resolution, for one registry. */
export interface NetworkPolicy {
  /** @throws RegistryError `address_denied` */
  check(hostname: string, address: string): void;
  /** A resolver for `net.connect` that hands out only addresses that passed the check. */
  readonly lookup: LookupFunction;
}

/**
 * The registry's own host may be private or this machine, because people run registries there. Hosts that a server
 * names (redirects, token realms) may be private too, but this machine only when the registry itself is on it.
 * Link-local and cloud-metadata addresses are refused for all, unless the configuration lists them.
 */
export function createNetworkPolicy(
  registryHostname: string,
  allowed: readonly string[] = [],
  resolve: typeof dnsLookup = dnsLookup,
): NetworkPolicy {
  const exceptions = new BlockList();
  for (const range of allowed) {
    const [net = '', bits] = range.split('/');
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    exceptions.addSubnet(net, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  const own = bareHost(registryHostname);
  const check = (hostname: string, address: string): void => {
    if (exceptions.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) return;
    const kind = classifyAddress(address);
    if (kind === 'public' || kind === 'private') return;
    if (kind === 'loopback' && (bareHost(hostname) === own || isLoopbackHost(own))) return;
    throw new RegistryError(
      'address_denied',
      `${hostname} leads to the ${kind} address ${address}, which is not allowed`,
    );
  };
  const lookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      try {
        // One bad address refuses the whole name: a resolver that mixes them is playing games.
        for (const { address } of found) check(hostname, address);
      } catch (refusal) {
        return callback(refusal as NodeJS.ErrnoException, '', 0);
      }
      const first = found[0];
      if (options.all) return callback(null, found);
      if (!first) return callback(new Error(`no address for ${hostname}`), '', 0);
      callback(null, first.address, first.family);
    });
  };
  return { check, lookup };
}

/** Host without brackets and trailing dot, as it is compared. */
function bareHost(hostname: string): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}
