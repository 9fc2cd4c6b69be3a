import { parseReference } from '../reference.ts';
import type { Registry } from '../registry/registry.ts';
import { openArchiveImage } from './archive.ts';
import type { OpenedReference } from './contract.ts';
import { openDirectoryImage } from './directory.ts';
import { openLayoutImage } from './oci-layout.ts';
import { openRegistryImage } from './registry.ts';

/** What opening references needs from outside. */
export interface SourceDeps {
  readonly registry: Registry;
}

/**
 * Opens whatever a user names; this is the whole list of sources.
 * @throws ImageReferenceError, SourceError, RegistryError, ImageError
 */
export async function openReference(text: string, deps: SourceDeps, signal: AbortSignal): Promise<OpenedReference> {
  const reference = parseReference(text);
  switch (reference.scheme) {
    case 'registry':
      return openRegistryImage(reference, deps.registry, signal);
    case 'oci':
      return openLayoutImage(reference, signal);
    case 'archive':
      return openArchiveImage(reference, signal);
    case 'dir':
      return openDirectoryImage(reference, signal);
  }
}
