import type { Descriptor, Digest, ImageRepository } from '../image/index.ts';
import { readOwnProvenance, statementType } from './attest/index.ts';
import type { FixSigner } from './contract.ts';

/** Referrers come from the registry: only so many are looked at, and none above this size. */
const maxReferrers = 32;
const maxStatement = 16 * 1024 * 1024;

/**
 * The image that a manifest was repaired from, when provenance signed with our key says that we made the manifest.
 * Anything unreadable, unsigned, or about another digest proves nothing and is passed over.
 */
export async function readOwnOrigin(
  repository: ImageRepository,
  manifest: Digest,
  signer: FixSigner | undefined,
  signal: AbortSignal,
): Promise<Digest | undefined> {
  if (!signer) return undefined;
  const listed = await repository.referrers(manifest, signal).catch(() => []);
  const statements = listed.filter(({ artifactType }) => artifactType === statementType).slice(0, maxReferrers);
  for (const descriptor of statements) {
    signal.throwIfAborted();
    const envelope = await readStatement(repository, descriptor, signal).catch(() => undefined);
    const provenance = envelope && readOwnProvenance(envelope, signer.publicKey);
    if (provenance?.subjects.includes(manifest)) return provenance.origin.digest;
  }
  return undefined;
}

async function readStatement(
  repository: ImageRepository,
  { digest }: Descriptor,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const document = await repository.manifest(digest, signal);
  const layer = document?.content.kind === 'manifest' ? document.content.layers[0] : undefined;
  if (!layer || layer.size > maxStatement) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of await repository.openBlob(layer, signal)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
