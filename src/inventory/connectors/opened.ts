import {
  type Credentials,
  createRegistry,
  fixedCredentials,
  type Registry,
  type RegistryLimits,
} from '../../image/index.ts';
import type { Clock, ProxyRules } from '../../kernel/index.ts';
import type { RegistryRecord } from '../contract.ts';
import type { Sealer } from '../ports.ts';
import { parseBaseUrl } from '../rules/base-url.ts';

/** How onboarded registries are reached. */
export interface RegistryAccessOptions {
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly userAgent: string;
  /** CIDR ranges of loopback, link-local and metadata addresses that may be connected to all the same. */
  readonly allowedAddresses: readonly string[];
  readonly proxies?: ProxyRules;
  /** Hosts of token servers that any registry may send its credentials to. */
  readonly trustedRealms?: readonly string[];
  readonly limits?: Partial<RegistryLimits>;
}

/** A client of one registry, and the name under which references name it. */
export interface OpenedRegistry {
  readonly registry: Registry;
  /** `host[:port]` */
  readonly host: string;
}

/**
 * The client of an onboarded registry, with its credentials, certificates and address: for scans, fixes and connectors.
 * @throws InventoryError `base_url_invalid`
 */
export function openOnboarded(
  record: RegistryRecord,
  sealedPassword: Uint8Array | null,
  options: RegistryAccessOptions,
): OpenedRegistry {
  const { host, scheme } = parseBaseUrl(record.baseUrl);
  const settings = {
    scheme,
    insecure: record.insecure,
    remoteOnly: true,
    allowedAddresses: options.allowedAddresses,
    ...(record.ca !== null && { ca: record.ca }),
    ...(record.connectAddress !== null && { connectAddress: record.connectAddress }),
    ...(options.trustedRealms && { trustedRealms: options.trustedRealms }),
  };
  const credentials = new Map<string, Credentials>();
  if (record.username !== null && sealedPassword !== null) {
    const password = Buffer.from(options.sealer.open(sealedPassword)).toString('utf8');
    credentials.set(host, { kind: 'basic', username: record.username, password });
  }
  const registry = createRegistry({
    settings: new Map([[host, settings]]),
    credentials: fixedCredentials(credentials),
    clock: options.clock,
    userAgent: options.userAgent,
    ...(options.proxies && { proxies: options.proxies }),
    ...(options.limits && { limits: options.limits }),
  });
  return { registry, host };
}
