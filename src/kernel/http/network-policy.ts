import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { bareHost, classifyAddress, isLoopbackHost } from './addresses.ts';
import { HttpError } from './errors.ts';

/** Decides about addresses after name resolution, for one server that the operator named. */
export interface NetworkPolicy {
  /** @throws HttpError `address_denied` */
  check(hostname: string, address: string): void;
  /** A resolver for `net.connect` that hands out only addresses that passed the check. */
  readonly lookup: LookupFunction;
}

type Found = (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void;

/** How the named host differs from the default. */
export interface OwnHost {
  /** Not on this machine, whatever its name leads to: whoever named it is not the one who runs this machine. */
  readonly remote?: boolean | undefined;
  /** Address that is taken instead of resolving its name; checked all the same. */
  readonly address?: string | undefined;
}

/**
 * The default: the named host may be private or this machine, because people run registries and mirrors there. Hosts that a server
 * names (redirects, token realms) may be private too, but this machine only when the named host is on it.
 * Link-local and cloud-metadata addresses are refused for all, unless the configuration lists them.
 */
export function createNetworkPolicy(
  ownHostname: string,
  allowed: readonly string[] = [],
  resolve: typeof dnsLookup = dnsLookup,
  named: OwnHost = {},
): NetworkPolicy {
  const exceptions = new BlockList();
  for (const range of allowed) {
    const [net = '', bits] = range.split('/');
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    exceptions.addSubnet(net, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  const own = bareHost(ownHostname);
  const check = (hostname: string, address: string): void => {
    if (exceptions.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) return;
    const kind = classifyAddress(address);
    if (kind === 'public' || kind === 'private') return;
    if (kind === 'loopback' && named.remote !== true && (bareHost(hostname) === own || isLoopbackHost(own))) return;
    throw new HttpError('address_denied', `${hostname} leads to the ${kind} address ${address}, which is not allowed`);
  };
  const find = (hostname: string, options: LookupOptions, found: Found): void => {
    const { address } = named;
    if (address === undefined || bareHost(hostname) !== own) resolve(hostname, { ...options, all: true }, found);
    else found(null, [{ address, family: isIP(address) }]);
  };
  const lookup: LookupFunction = (hostname, options, callback) => {
    find(hostname, options, (error, found) => {
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

/** Whether a literal address may be connected to as the own host of a service. @throws HttpError `address_denied` */
export function checkRemoteAddress(host: string, address: string, allowed: readonly string[]): void {
  createNetworkPolicy(host, allowed, undefined, { remote: true }).check(host, address);
}
