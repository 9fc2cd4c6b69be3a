import { isIP } from 'node:net';
import {
  compilePathFilter,
  parseBaseUrl,
  parseStaticReference,
  type RegistryFields,
  type RegistryRecord,
} from '../../inventory/index.ts';
import { nextMoment } from '../../jobs/index.ts';
import { bareHost, CodedError, checkRemoteAddress, isLoopbackHost } from '../../kernel/index.ts';
import type { NewRegistry } from '../contract/registries.ts';
import { ServiceError } from '../errors.ts';
import type { RegistryServiceDeps } from './contract.ts';

const maxPatterns = 200;
const maxReferences = 10_000;
const shortestPeriodMs = 60_000;
const kinds: readonly string[] = ['oci', 'harbor', 'static'];

/**
 * Checks what a caller says of a registry; absent fields stay absent.
 * @throws ServiceError `invalid_field` naming the field, `address_denied`
 */
export function checkFields(
  input: Partial<NewRegistry>,
  deps: Pick<RegistryServiceDeps, 'sealer' | 'regions' | 'allowedAddresses' | 'clock'>,
): Partial<RegistryFields> {
  const { password, kind, name, username, region, insecure, scanNew, vendor } = input;
  const fields: Partial<RegistryFields> = {
    name: name === undefined ? undefined : text('name', name.trim(), 1, 128),
    kind: kind === undefined || kinds.includes(kind) ? kind : refuse('kind', 'must be oci, harbor or static'),
    baseUrl: input.baseUrl === undefined ? undefined : baseUrl(input.baseUrl),
    connectAddress: connectAddress(input.connectAddress),
    region: region === undefined ? undefined : knownRegion(region, deps.regions),
    projectId: input.projectId,
    username: username == null ? username : text('username', username, 0, 256) || null,
    password:
      password == null || password === '' ? (password === undefined ? undefined : null) : sealed(password, deps),
    ...lists(input),
    schedule: schedule(input.schedule, deps.clock.now().getTime()),
    scansPerHour: scansPerHour(input.scansPerHour),
    vendor: vendor === undefined ? undefined : checkVendor(vendor),
    insecure,
    ca: certificates(input.ca),
    scanNew,
  } as Partial<RegistryFields>;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/**
 * Checks where a registry would be connected to, as far as that can be told without asking anybody.
 * @throws ServiceError `address_denied`, `invalid_field`
 */
export function checkAddresses(
  { baseUrl, connectAddress }: Pick<RegistryFields, 'baseUrl' | 'connectAddress'>,
  allowed: readonly string[],
): void {
  const host = bareHost(new URL(baseUrl).hostname);
  if (connectAddress !== null) checkAddress(host, connectAddress, 'connectAddress', allowed);
  if (isIP(host) !== 0) {
    if (connectAddress !== null && connectAddress !== host)
      refuse('connectAddress', 'must not differ from the address in baseUrl');
    checkAddress(host, host, 'baseUrl', allowed);
  } else if (isLoopbackHost(host) && connectAddress === null) checkAddress(host, '127.0.0.1', 'baseUrl', allowed);
}

/**
 * Whether stored credentials would go somewhere else after a change: then they have to be given again, or whoever may
 * edit a registry could have them sent to a server of his own.
 */
export function redirectsCredentials(before: RegistryRecord, change: Partial<RegistryFields>): boolean {
  if (!before.hasPassword || change.password !== undefined) return false;
  const is = <K extends keyof RegistryFields & keyof RegistryRecord>(key: K): boolean =>
    change[key] !== undefined && change[key] !== (before[key] as unknown);
  const unverified = (change.insecure ?? before.insecure) || (change.baseUrl ?? before.baseUrl).startsWith('http:');
  return (
    is('baseUrl') || is('ca') || (is('insecure') && change.insecure === true) || (is('connectAddress') && unverified)
  );
}

/** @throws ServiceError `invalid_field` */
export function refuse(field: string, why: string, cause?: unknown): never {
  throw new ServiceError('invalid_field', `${field} ${why}`, { field, cause });
}

function text(field: string, value: string, shortest: number, longest: number): string {
  if (value.length < shortest || value.length > longest)
    refuse(field, `must have ${shortest} to ${longest} characters`);
  if (/[\x00-\x1f\x7f]/.test(value)) refuse(field, 'must not have control characters');
  return value;
}

function baseUrl(value: string): string {
  try {
    return parseBaseUrl(value).baseUrl;
  } catch (error) {
    return refuse('baseUrl', error instanceof Error ? error.message : 'is no address', error);
  }
}

function connectAddress(address: string | null | undefined): string | null | undefined {
  if (address == null || address === '') return address === '' ? null : address;
  return isIP(address) === 0 ? refuse('connectAddress', 'must be an IP address') : address;
}

/** Names are checked again whenever they are resolved: this only tells early what can be told. */
function checkAddress(host: string, address: string, field: string, allowed: readonly string[]): void {
  try {
    checkRemoteAddress(host, address, allowed);
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    throw new ServiceError('address_denied', cause.message, {
      field,
      hint: 'The administrator can allow its network with DRYDOCK_REGISTRY_ALLOW.',
      cause,
    });
  }
}

function knownRegion(region: string, regions: RegistryServiceDeps['regions']): string {
  if (region === '') return regions[0]?.id ?? '';
  return regions.some(({ id }) => id === region)
    ? region
    : refuse('region', 'is none of the regions of this installation');
}

function sealed(password: string, { sealer }: Pick<RegistryServiceDeps, 'sealer'>): Uint8Array {
  if (password.length > 32 * 1024) refuse('password', 'is too long');
  return sealer.seal(Buffer.from(password, 'utf8'));
}

function lists(input: Partial<NewRegistry>): Partial<RegistryFields> {
  const { include, exclude, references } = input;
  for (const [field, patterns] of [
    ['include', include],
    ['exclude', exclude],
  ] as const) {
    if (patterns !== undefined && patterns.length > maxPatterns)
      refuse(field, `must have at most ${maxPatterns} patterns`);
    try {
      compilePathFilter(patterns ?? [], []);
    } catch (error) {
      refuse(field, error instanceof Error ? error.message : 'is invalid', error);
    }
  }
  if (references !== undefined && references.length > maxReferences)
    refuse('references', `must have at most ${maxReferences} lines`);
  const bad = references?.find((line) => parseStaticReference(line) === undefined);
  if (bad !== undefined)
    refuse(
      'references',
      `must be repository, repository:tag or repository@digest, not ${JSON.stringify(bad.slice(0, 100))}`,
    );
  return {
    ...(include && { include }),
    ...(exclude && { exclude }),
    ...(references && { references: [...new Set(references)] }),
  };
}

function schedule(expression: string | null | undefined, now: number): string | null | undefined {
  if (expression == null || expression === '') return expression === '' ? null : expression;
  if (expression.length > 100) refuse('schedule', 'is too long');
  let first: number | null;
  let second: number | null;
  try {
    first = nextMoment(expression, 'UTC', now);
    second = first === null ? null : nextMoment(expression, 'UTC', first);
  } catch (error) {
    refuse('schedule', error instanceof Error ? error.message : 'is invalid', error);
  }
  if (first === null) refuse('schedule', 'never comes');
  if (second !== null && second - first < shortestPeriodMs)
    refuse('schedule', 'must not come more often than every minute');
  return expression;
}

function scansPerHour(value: number | null | undefined): number | null | undefined {
  if (value == null) return value;
  if (value === 0) return null;
  if (!Number.isSafeInteger(value) || value < 1 || value > 1_000_000) refuse('scansPerHour', 'must be 1 to 1000000');
  return value;
}

function checkVendor(vendor: Readonly<Record<string, string | number>>): Readonly<Record<string, string | number>> {
  if (JSON.stringify(vendor).length > 16 * 1024) refuse('vendor', 'is too large');
  return vendor;
}

function certificates(ca: string | null | undefined): string | null | undefined {
  if (ca == null || ca === '') return ca === '' ? null : ca;
  if (ca.length > 256 * 1024 || !ca.includes('-----BEGIN CERTIFICATE-----'))
    refuse('ca', 'must hold certificates as PEM');
  return ca;
}
