import { type Digest, hexOf } from '../digest.ts';
import type { ImageRepository } from '../repository.ts';

/** Artifact types of signatures: cosign's, Notation's, and Sigstore bundles of any version. */
const signatureTypes: readonly RegExp[] = [
  /^application\/vnd\.dev\.cosign\.artifact\.sig\.v1\+json$/,
  /^application\/vnd\.cncf\.notary\.signature$/,
  /^application\/vnd\.dev\.sigstore\.bundle(\.v|\+json;version=)/,
];

/**
 * Whether a repository holds a signature of one of the manifests: a referrer, or cosign's tag `sha256-<hex>.sig`. Nothing
 * is verified: whom to trust is for those to say who run the image.
 * @throws what the registry answers with
 */
export async function isSigned(
  repository: Pick<ImageRepository, 'referrers' | 'resolveTag'>,
  digests: readonly Digest[],
  signal: AbortSignal,
): Promise<boolean> {
  for (const digest of digests) {
    const referrers = await repository.referrers(digest, signal);
    if (referrers.some(({ artifactType = '' }) => signatureTypes.some((type) => type.test(artifactType)))) return true;
    if ((await repository.resolveTag(`sha256-${hexOf(digest)}.sig`, signal)) !== undefined) return true;
  }
  return false;
}
