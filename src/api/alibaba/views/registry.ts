import { createHmac } from 'node:crypto';
import { type RegistryKind, type RegistryRecord, vendorType } from '../../../inventory/index.ts';
import type { ActionContext } from '../action.ts';

/** Types of registries in this API. */
export const registryTypes = ['acr', 'harbor', 'quay', 'CI/CD'] as const;

/** What this API calls the type of a registry; those that others onboarded are `harbor` or, for lack of a word, `acr`. */
export function registryTypeOf(registry: Pick<RegistryRecord, 'kind' | 'vendor'>): string {
  return vendorType(registry.kind, registry.vendor);
}

/** How Drydock talks to a registry of a type: Harbor by its own API, everything else by the distribution API. */
export function registryKindOf(type: 'harbor' | 'quay'): RegistryKind {
  return type === 'harbor' ? 'harbor' : 'oci';
}

/** What stands in every answer instead of a password. */
export const passwordMask = '******';

/** `http://host:port` of a registry. */
export function baseUrlOf(parts: { secure: boolean; domain: string; port: number | undefined }): string {
  const port = parts.port === undefined || parts.port === (parts.secure ? 443 : 80) ? '' : `:${parts.port}`;
  return `${parts.secure ? 'https' : 'http'}://${parts.domain}${port}`;
}

/** Scheme, domain and port of a registry; the port is undefined where the scheme says it. */
export function addressOf(registry: RegistryRecord): { secure: boolean; domain: string; port: number | undefined } {
  const url = new URL(registry.baseUrl);
  return {
    secure: url.protocol === 'https:',
    domain: url.hostname,
    port: url.port === '' ? undefined : Number(url.port),
  };
}

/** Fields of a registry that all its operations share. Passwords never leave. */
export function registryFields(registry: RegistryRecord, context: ActionContext): Readonly<Record<string, unknown>> {
  const { secure, domain } = addressOf(registry);
  const { vendor } = registry;
  return {
    Id: registry.id,
    DomainName: domain,
    NetType: Number(vendor.netType ?? 1),
    Password: passwordMask,
    ProtocolType: secure ? 2 : 1,
    RegionId: registry.region,
    RegistryHostIp: registry.connectAddress ?? domain,
    RegistryType: registryTypeOf(registry),
    Token: registryToken(registry, context),
    TransPerHour: registry.scansPerHour ?? undefined,
    UserName: registry.username ?? '',
    VpcId: String(vendor.vpcId ?? ''),
  };
}

/** Opaque, always the same for a registry, and of no use for anything. */
function registryToken(registry: RegistryRecord, { settings }: ActionContext): string {
  return createHmac('sha256', settings.linkKey)
    .update(`registry token\n${registry.instanceId}`)
    .digest('hex')
    .slice(0, 32);
}
