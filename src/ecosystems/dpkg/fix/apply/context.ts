import type { DpkgPackage } from '../database.ts';
import type { Draft } from './draft.ts';
import { ApplyError } from './errors.ts';
import type { ImageState } from './image-state.ts';
import type { PackageContents, PackagedEntry } from './package-contents.ts';

/** What decides over the entries of all packages of a plan together. */
export interface ApplyContext extends ImageState {
  readonly draft: Draft;
  readonly packages: readonly PackageContents[];
  /** Records that the plan replaces. */
  readonly replaced: ReadonlyMap<DpkgPackage, PackageContents>;
  /** New entries by canonical path; filled for all packages before anything is decided. */
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>;
  /** Hashes (hex) of the image's regular files by canonical path, as far as they were asked for. */
  readonly hashes: ReadonlyMap<string, { readonly sha256: string; readonly md5: string }>;
  /** Debian's name of the image's own architecture; undefined where Debian has none. */
  readonly native: string | undefined;
  /** Seconds since the epoch; the time of everything that no package brings. */
  readonly time: number;
}

/** An entry that a package of the plan brings to a path. */
export interface Arrival {
  readonly contents: PackageContents;
  readonly item: PackagedEntry;
}

/** Canonical place of a packaged path. @throws ApplyError for link cycles */
export function targetOf(context: ImageState, contents: PackageContents, packaged: string): string {
  const target = context.paths.target(contents.upgrade.name, packaged);
  if (target !== undefined) return target;
  throw new ApplyError('conflict', `the directories of ${packaged} form a cycle of links in the image`);
}
