import { formatReference, type ImageReference } from '../reference.ts';
import type { Registry } from '../registry/registry.ts';
import type { OpenedReference } from './contract.ts';
import { SourceError } from './errors.ts';
import { type OpenedRoot, openImage } from './opened-image.ts';
import { isSigned } from './signatures.ts';

/** Opens an image of a registry: the tag is resolved once, from then on digests count. */
export async function openRegistryImage(
  reference: ImageReference & { readonly scheme: 'registry' },
  registry: Registry,
  signal: AbortSignal,
): Promise<OpenedReference> {
  const repository = registry.repository(reference);
  const { digest, tag } = reference;
  const name = formatReference(reference);
  const root = await repository.manifest(digest ?? tag ?? 'latest', signal);
  if (root === undefined) {
    throw new SourceError('image_not_found', `${name} does not exist`, {
      hint: 'Check registry, repository and tag; some registries also answer so when you are not logged in.',
    });
  }
  const signed: OpenedRoot['signed'] = (digests, asking) => isSigned(repository, digests, asking);
  return openImage({ reference: name, root, content: repository, repository, tag, signed }, signal);
}
