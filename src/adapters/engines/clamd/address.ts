import { lookup as dnsLookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { EngineError } from '../../../detectors/index.ts';
import { bareHost, classifyAddress, messageOf } from '../../../kernel/index.ts';

/** Where a daemon listens. */
export type ClamdAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** Reads `unix:/run/clamav/clamd.ctl` or `tcp://host:3310`. @throws EngineError `engine_address_invalid` */
export function parseClamdAddress(text: string): ClamdAddress {
  const [, path] = /^unix:(?:\/\/)?(\/[^\0]{1,4096})$/.exec(text) ?? [];
  if (path !== undefined) return { kind: 'unix', path };
  const [, host, port] = /^tcp:\/\/(\[[0-9a-fA-F:.]+\]|[^\s:/[\]@]{1,253}):([0-9]{1,5})\/?$/.exec(text) ?? [];
  if (host !== undefined && Number(port) > 0 && Number(port) < 65_536) {
    return { kind: 'tcp', host: bareHost(host), port: Number(port) };
  }
  throw new EngineError('engine_address_invalid', `"${text}" is no address of clamd`, {
    hint: 'Use unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310.',
  });
}

/** Looks a name up; the resolver of the system unless a test brings its own. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/**
 * The address to connect to. The protocol knows no authentication and no encryption: only this machine and private networks
 * are talked to, unless the network is in the list.
 * @param allowed CIDR ranges or addresses
 * @throws EngineError `address_denied`, `engine_unreachable` when the name leads nowhere
 */
export async function resolveClamd(
  { host, port }: ClamdAddress & { kind: 'tcp' },
  allowed: readonly string[],
  resolve: Resolve = systemResolve,
): Promise<{ readonly host: string; readonly port: number }> {
  const addresses = isIP(host) === 0 ? await lookedUp(host, resolve) : [host];
  const permitted = rangesOf(allowed);
  for (const address of addresses) {
    const kind = classifyAddress(address);
    const listed = permitted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
    if (kind !== 'loopback' && kind !== 'private' && !listed) {
      const message = `${host} leads to the ${kind} address ${address}: clamd is only used on this machine or in a private network`;
      const hint = 'The protocol of clamd has no authentication. List the network in engines.clamd.allow if you must.';
      throw new EngineError('address_denied', message, { hint });
    }
  }
  const [first] = addresses;
  if (first === undefined) throw new EngineError('engine_unreachable', `there is no address for ${host}`);
  return { host: first, port };
}

async function lookedUp(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch (cause) {
    throw new EngineError('engine_unreachable', `there is no address for ${host}: ${messageOf(cause)}`, { cause });
  }
}

const systemResolve: Resolve = async (host) => (await dnsLookup(host, { all: true })).map(({ address }) => address);

function rangesOf(allowed: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of allowed) {
    const [net = '', bits] = range.split('/');
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
    const width = Number(bits ?? (family === 'ipv6' ? 128 : 32));
    try {
      list.addSubnet(net, width, family);
    } catch (cause) {
      throw new EngineError('engine_address_invalid', `"${range}" is no network`, { cause });
    }
  }
  return list;
}
