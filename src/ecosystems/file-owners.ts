import type { FileEntry, UnionView } from '../image/index.ts';
import type { FileOwners } from './contract.ts';

/** Files that one installed package says are its own. */
export interface OwnedFiles {
  /** purl of the package. */
  readonly purl: string;
  /** Index of the layer that brought the package. */
  readonly layer: number;
  /** Paths as the installer's records spell them, with or without leading slash; directories do no harm. */
  paths(): Iterable<string>;
}

/** Paths of the records of one image; real systems have a tenth of it. */
const maxPaths = 3_000_000;

/**
 * Answers which package owns a file (scanning.md §3.1). `packages` is asked at the first question: most images hold
 * nothing that could ask. Of two packages that name a path the later one wins.
 *
 * A file that was written above the layer of its package, with another size or time than the one that it took the place
 * of, is not the package's any more: somebody replaced it (`npm install --global npm` over the distribution's npm).
 */
export function fileOwners(view: UnionView, packages: () => Iterable<OwnedFiles>): FileOwners {
  let index: ReadonlyMap<string, Owner> | undefined;
  let replaced: ReadonlySet<string> | undefined;
  return {
    ownerOf(path) {
      index ??= buildIndex(packages());
      const owner = index.get(ownerKey(path));
      if (owner === undefined) return undefined;
      const entry = view.entry(path);
      if (entry === undefined || entry.layer <= owner.layer) return owner.purl;
      replaced ??= replacedFiles(view);
      return replaced.has(path) ? undefined : owner.purl;
    },
  };
}

type Owner = Omit<OwnedFiles, 'paths'>;

function buildIndex(packages: Iterable<OwnedFiles>): ReadonlyMap<string, Owner> {
  const index = new Map<string, Owner>();
  for (const owned of packages) {
    const owner = { purl: owned.purl, layer: owned.layer };
    for (const path of owned.paths()) {
      if (index.size >= maxPaths) return index;
      index.set(ownerKey(path), owner);
    }
  }
  return index;
}

/** Canonical paths of files that differ from the file of a lower layer whose place they took. */
function replacedFiles(view: UnionView): ReadonlySet<string> {
  // Layers come lowest first: of several files that had a place, the last before the present one stays.
  const before = new Map<string, FileEntry>();
  for (const { entry } of view.shadowed()) if (entry.type === 'file') before.set(entry.path, entry);
  const replaced = new Set<string>();
  for (const [path, old] of before) {
    const now = view.entry(path);
    if (now === undefined || (now.type === 'file' && now.size === old.size && now.mtime === old.mtime)) continue;
    const canonical = view.canonical(path);
    if (canonical !== undefined) replaced.add(canonical);
  }
  return replaced;
}

/** Directories that are links into `usr` on merged systems, where records may use either spelling. */
const mergedDirectories = ['bin/', 'sbin/', 'lib/', 'lib32/', 'lib64/', 'libx32/'];

/**
 * One spelling for each place: no leading slash or `./`, and `usr/lib/x` for `lib/x`, as also for `bin`, `sbin` and the
 * other library directories, whether or not the image merged them.
 */
export function ownerKey(path: string): string {
  const plain = path.startsWith('/') ? path.slice(1) : path.startsWith('./') ? path.slice(2) : path;
  return mergedDirectories.some((directory) => plain.startsWith(directory)) ? `usr/${plain}` : plain;
}
