import type { UnionView } from '../image/index.ts';
import type { LayerFacts } from './contract.ts';
import type { EvidenceFile } from './evidence.ts';

/** One database file of the merged view and its versions in all layers. */
export interface Database<T> {
  /** Canonical path, links followed. */
  readonly path: string;
  /** What the final file system holds. */
  readonly file: T;
  /** Lowest layer first; at least one. */
  readonly versions: readonly { readonly layer: number; readonly file: T }[];
}

/** Package databases that several packages share, with their history over the layers of an image. */
export class Databases<F, T extends EvidenceFile> {
  readonly #view: UnionView;
  readonly #files = new Map<string, T>();
  /** All database files of all layers by the place that they have in the merged view. */
  readonly #versions = new Map<string, { layer: number; file: T }[]>();

  /** @param filesOf database files among the facts of one layer */
  constructor(layers: readonly LayerFacts<F>[], view: UnionView, filesOf: (facts: F) => readonly T[]) {
    this.#view = view;
    layers.forEach(({ facts }, layer) => {
      for (const file of filesOf(facts)) {
        this.#files.set(fileKey(layer, file.path), file);
        const path = view.canonical(file.path) ?? file.path;
        const known = this.#versions.get(path);
        if (known === undefined) this.#versions.set(path, [{ layer, file }]);
        else known.push({ layer, file });
      }
    });
  }

  /** The database at a path, links followed; undefined when there is none, `unreadable` when no facts tell of it. */
  open(path: string): Database<T> | undefined | 'unreadable' {
    const entry = this.#view.resolve(path);
    const content = entry?.content;
    if (entry === undefined || content === undefined) return undefined;
    const file = this.#files.get(fileKey(content.layer, content.path));
    if (file === undefined) return content.size > 0 ? 'unreadable' : undefined;
    const versions = this.#versions.get(entry.path) ?? [];
    return { path: entry.path, file, versions: versions.length > 0 ? versions : [{ layer: content.layer, file }] };
  }
}

/**
 * Which layer brought each record of a database: the lowest from which the record is in every later version of it
 * (scanning.md §1.7). The layer that merely rewrote the file is not blamed.
 * @param keysOf the records of one version; what makes a record the same is name, version and architecture
 * @returns index of the layer by key; for unknown keys that of the last version
 */
export function recordOrigins<T>(
  versions: Database<T>['versions'],
  keysOf: (file: T) => Iterable<string>,
): (key: string) => number {
  const origins = new Map<string, number>();
  let open: Set<string> | undefined;
  for (const { layer, file } of versions.toReversed()) {
    const here = new Set(keysOf(file));
    // Only what was in all versions above can still move down.
    open = open === undefined ? here : open.intersection(here);
    if (open.size === 0) break;
    for (const key of open) origins.set(key, layer);
  }
  const top = versions.at(-1)?.layer ?? 0;
  return (key) => origins.get(key) ?? top;
}

function fileKey(layer: number, path: string): string {
  return `${layer}\n${path}`;
}
