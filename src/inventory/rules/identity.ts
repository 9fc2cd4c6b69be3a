import { createHash, randomBytes } from 'node:crypto';
import type { Digest } from '../../image/index.ts';
import type { RegistryKind } from '../contract.ts';

/**
 * Name of an inventory image: 32 hex digits that follow from what it is, so every node and every repetition gives the
 * same one. `tag` is empty for images known by digest only.
 */
export function imageUuid(instanceId: string, path: string, tag: string | null, digest: Digest): string {
  const text = `${instanceId}\n${path}\n${tag ?? ''}\n${digest}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** `cri-` and 16 random letters and digits. */
export function newInstanceId(): string {
  return `cri-${letters(randomBytes(16))}`;
}

/** `crr-` and 16 letters and digits that follow from registry and path: a repository that comes back has its old id. */
export function repositoryExtId(instanceId: string, path: string): string {
  return `crr-${letters(createHash('sha256').update(`${instanceId}\n${path}`).digest().subarray(0, 16))}`;
}

/** The parts of `namespace/name`: everything before the last slash, and what follows it. */
export function splitPath(path: string): { readonly namespace: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { namespace: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) };
}

function letters(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz012345';
  return Array.from(bytes, (byte) => alphabet.charAt(byte % 32)).join('');
}

/** What the cloud facades call the type of a registry. */
export function vendorType(kind: RegistryKind, vendor: Readonly<Record<string, string | number>>): string {
  return String(vendor.registryType ?? (kind === 'harbor' ? 'harbor' : 'acr'));
}
