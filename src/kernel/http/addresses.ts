import { BlockList, isIP } from 'node:net';

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
  const bare = bareHost(hostname);
  if (isIP(bare) !== 0) return classifyAddress(bare) === 'loopback';
  return bare === 'localhost' || bare.endsWith('.localhost');
}

/** A host without brackets and trailing dot, in lower case, as it is compared. */
export function bareHost(hostname: string): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}
