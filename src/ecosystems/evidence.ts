import type { Digest, UnionView } from '../image/index.ts';
import type { CatalogInput } from './contract.ts';

/** A file that one visitor read, as spelled in its layer. */
export interface EvidenceFile {
  readonly path: string;
}

/** One evidence file with its place in the final file system. */
export interface FoundEvidence<T> {
  readonly file: T;
  /** Canonical path in the final file system; for what was removed the path in its layer. */
  readonly path: string;
  readonly layer: Digest;
  /** `removed`: a later layer deleted or replaced it. */
  readonly scope: 'installed' | 'removed';
}

/**
 * Sorts evidence files into those of the final file system and those that are gone, each with the layer that wrote it
 * (scanning.md §1.7). A file that a later layer wrote again counts once, from the later layer.
 * @returns in the order of layers, then of facts.
 */
export function findEvidence<F, T extends EvidenceFile>(
  { layers, view }: Pick<CatalogInput<F>, 'layers' | 'view'>,
  filesOf: (facts: F) => readonly T[],
): FoundEvidence<T>[] {
  const found = new Map<string, FoundEvidence<T>>();
  for (const { layer, digest, facts } of layers) {
    for (const file of filesOf(facts)) {
      const path = placeOf(file.path, layer, view);
      const scope = path === undefined ? 'removed' : 'installed';
      // Of two entries of one layer that are the same place, the last is what an unpacker leaves.
      const key = path === undefined ? `${layer}\n${file.path}` : path;
      found.set(key, { file, path: path ?? file.path, layer: digest, scope });
    }
  }
  return [...found.values()];
}

/** Where a layer's file is in the final file system; undefined when it is no longer there. */
function placeOf(path: string, layer: number, view: UnionView): string | undefined {
  const entry = view.entry(path);
  return entry?.layer === layer && entry.content !== undefined ? view.canonical(path) : undefined;
}
