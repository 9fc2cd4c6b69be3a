import type { FileEntry, LayerEntry } from '../../../../image/index.ts';
import type { DpkgPackage } from '../database.ts';
import { namesPath } from '../scripts/mentions.ts';
import { parseRelations, versionFits } from '../solver/relations.ts';
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
  /** Seconds since the epoch; the time of everything that no package brings. */
  readonly time: number;
}

/** An entry that a package of the plan brings to a path. */
export interface Arrival {
  readonly contents: PackageContents;
  readonly item: PackagedEntry;
}

/** What became of one package's entries. */
export interface PlacedPackage {
  /** Packaged paths for its list, in archive order, without leading slash. */
  readonly listed: readonly string[];
  /** Canonical paths of everything it ships, written or not. */
  readonly targets: ReadonlySet<string>;
  /** Packaged paths that leave the lists of other installed packages, because this one replaces them. */
  readonly taken: readonly { readonly from: DpkgPackage; readonly packaged: string }[];
}

/** Whether an entry decides itself elsewhere: configuration files have a table of their own. */
export type Elsewhere = (item: PackagedEntry) => boolean;

/** Decides every entry of one package by the table of fix-engine.md §8.3. @throws ApplyError */
export function placeEntries(
  context: ApplyContext,
  place: number,
  contents: PackageContents,
  elsewhere: Elsewhere,
): PlacedPackage {
  const listed: string[] = [];
  const targets = new Set<string>();
  const taken: { from: DpkgPackage; packaged: string }[] = [];
  const files: { item: PackagedEntry; entry: LayerEntry; same: boolean }[] = [];
  for (const item of contents.entries) {
    const { path, type } = item.entry;
    const target = targetOf(context, contents, path);
    targets.add(target);
    if (type === 'directory') {
      listed.push(path);
      placeDirectory(context, place, contents, item, target);
      continue;
    }
    const claim = claimPath(context, contents, item, target);
    if (claim === 'theirs') {
      targets.delete(target);
      continue;
    }
    if (claim) taken.push({ from: claim, packaged: path });
    listed.push(path);
    if (elsewhere(item)) continue;
    const entry = placeFile(context, contents, item, target);
    if (entry) files.push({ item, entry, same: isUnchanged(context, item, entry) });
  }
  writeFiles(context, place, contents, files);
  return { listed, targets, taken };
}

/** Canonical place of a packaged path. @throws ApplyError for link cycles */
export function targetOf(context: ImageState, contents: PackageContents, packaged: string): string {
  const target = context.paths.target(contents.upgrade.name, packaged);
  if (target !== undefined) return target;
  throw new ApplyError('conflict', `the directories of ${packaged} form a cycle of links in the image`);
}

function placeDirectory(
  { draft, paths, allows, overrides }: ApplyContext,
  place: number,
  contents: PackageContents,
  item: PackagedEntry,
  target: string,
): void {
  const existing = draft.after(target);
  if (existing?.type === 'directory') return;
  if (existing?.type === 'symlink') {
    const followed = paths.follow(target);
    if (followed !== undefined && draft.after(followed)?.type === 'directory') return;
  }
  if (!allows(item.entry.path, 'directory')) return;
  if (existing) {
    draft.diagnostics.push({
      code: 'directory_over_file',
      path: target,
      message: `${contents.upgrade.name} ships a directory where the image holds a ${existing.type}`,
    });
  }
  const override = overrides.byPath.get(item.entry.path);
  draft.putPackaged(place, item.index, { ...plain(item.entry), ...override, path: target });
}

/** Clears up who owns a path: `theirs`, the package it is taken from, or undefined when nobody else minds. */
function claimPath(
  context: ApplyContext,
  contents: PackageContents,
  item: PackagedEntry,
  target: string,
): DpkgPackage | 'theirs' | undefined {
  let from: DpkgPackage | undefined;
  for (const owner of context.ownership.owners(target)) {
    if (owner === contents.old) continue;
    const successor = context.replaced.get(owner);
    const rival = successor && arrivalOf(context, successor, target);
    if (successor && !rival) continue;
    const current = successor?.record ?? owner;
    if (current.name === contents.record.name) {
      requireEqual(context, contents, item, target, rival);
    } else if (replaces(contents.record, current)) {
      from = owner;
    } else if (replaces(current, contents.record)) {
      return 'theirs';
    } else if (context.draft.view.entry(target) !== undefined || rival) {
      throw new ApplyError('conflict', `${contents.upgrade.name} and ${current.name} both ship ${item.entry.path}`);
    }
  }
  for (const { contents: other, item: rival } of context.arrivals.get(target) ?? []) {
    // An owner of the installed system was judged above.
    if (other === contents || (other.old && context.ownership.owners(target).includes(other.old))) continue;
    if (other.record.name === contents.record.name) requireEqual(context, contents, item, target, rival);
    else if (replaces(other.record, contents.record)) return 'theirs';
    else if (!replaces(contents.record, other.record)) {
      throw new ApplyError(
        'conflict',
        `${contents.upgrade.name} and ${other.upgrade.name} both ship ${item.entry.path}`,
      );
    }
  }
  return from;
}

function arrivalOf(context: ApplyContext, contents: PackageContents, target: string): PackagedEntry | undefined {
  return context.arrivals.get(target)?.find((arrival) => arrival.contents === contents)?.item;
}

/** Architectures of one package may share a path only with equal content. */
function requireEqual(
  context: ApplyContext,
  contents: PackageContents,
  item: PackagedEntry,
  target: string,
  rival: PackagedEntry | undefined,
): void {
  const other = rival ?? {
    entry: context.draft.view.entry(target),
    sha256: context.hashes.get(target)?.sha256,
  };
  const equal = item.entry.type === 'file' ? item.sha256 === other.sha256 : item.entry.link === other.entry?.link;
  if (equal) return;
  throw new ApplyError('conflict', `the architectures of ${contents.upgrade.name} do not agree on ${item.entry.path}`);
}

/** Whether the first package declares that it takes over files of the second. */
export function replaces(taker: DpkgPackage, giver: DpkgPackage): boolean {
  return parseRelations(taker.fields.get('replaces') ?? '').some(({ alternatives }) =>
    alternatives.some(({ name, constraint }) => name === giver.name && versionFits(constraint, giver.version)),
  );
}

/** The entry to write for a file, link or device; undefined when nothing is written. */
function placeFile(
  context: ApplyContext,
  contents: PackageContents,
  item: PackagedEntry,
  target: string,
): LayerEntry | undefined {
  const { draft, overrides } = context;
  const { path, type } = item.entry;
  if (!context.allows(path, type === 'symlink' ? 'symlink' : 'other')) {
    if (contents.old && context.ownership.owners(target).includes(contents.old)) draft.remove(target);
    return undefined;
  }
  const existing = draft.after(target);
  if (existing?.type === 'directory') {
    if (type === 'symlink') return undefined;
    throw new ApplyError('conflict', `file_over_directory: ${contents.upgrade.name} ships a file at ${path}`);
  }
  const override = overrides.byPath.get(path) ?? (path === target ? undefined : overrides.byPath.get(target));
  const entry: LayerEntry = {
    ...plain(item.entry),
    path: target,
    ...attributes(contents, item.entry, existing),
    ...override,
  };
  flagPrivilege(draft, contents, entry, existing);
  const capability = existing?.xattrs?.get('security.capability');
  if (capability === undefined || type !== 'file') return entry;
  if (namesPath(contents.control, path, ['setcap'])) {
    return { ...entry, xattrs: new Map([['security.capability', capability]]) };
  }
  draft.diagnostics.push({
    code: 'capability_dropped',
    path: target,
    message: `the upgrade of ${contents.upgrade.name} replaces a file that had capabilities`,
  });
  return entry;
}

/** Mode and owner of the image, where a script of the package has set them (an agent's setgid bit, for example). */
function attributes(contents: PackageContents, entry: FileEntry, existing: FileEntry | undefined): Partial<FileEntry> {
  if (existing?.type !== 'file' && existing?.type !== 'hardlink') return {};
  if (existing.mode === entry.mode && existing.uid === entry.uid && existing.gid === entry.gid) return {};
  if (!namesPath(contents.control, entry.path, ['chmod', 'chown', 'chgrp', 'dpkg-statoverride'])) return {};
  return { mode: existing.mode, uid: existing.uid, gid: existing.gid };
}

function flagPrivilege(
  draft: Draft,
  contents: PackageContents,
  entry: LayerEntry,
  existing: FileEntry | undefined,
): void {
  const privileged = entry.type === 'file' ? entry.mode & 0o6000 : 0;
  if (privileged === 0 || (existing && (existing.mode & privileged) === privileged)) return;
  draft.diagnostics.push({
    code: 'new_setuid',
    path: entry.path,
    message: `${contents.upgrade.name} brings a file with mode ${entry.mode.toString(8)}`,
  });
}

/** dpkg takes neither extended attributes nor the archive's idea of a path from a package. */
function plain({ xattrs: _ignored, ...entry }: FileEntry): LayerEntry {
  return entry;
}

/** Whether the image already holds exactly this, times aside. */
export function isUnchanged(context: ApplyContext, item: PackagedEntry, entry: LayerEntry): boolean {
  const existing = context.draft.view.entry(entry.path);
  if (existing === undefined || existing.uid !== entry.uid || existing.gid !== entry.gid) return false;
  if (entry.type === 'symlink') return existing.type === 'symlink' && existing.link === entry.link;
  if (existing.mode !== entry.mode) return false;
  if (entry.type === 'file') {
    const sameAttributes = (existing.xattrs?.size ?? 0) === (entry.xattrs?.size ?? 0);
    return sameAttributes && isSameContent(context, entry.path, item);
  }
  return entry.type === existing.type && entry.devMajor === existing.devMajor && entry.devMinor === existing.devMinor;
}

function isSameContent(context: ApplyContext, path: string, item: PackagedEntry): boolean {
  const existing = context.draft.view.entry(path);
  if (existing?.content === undefined || existing.content.size !== item.entry.size) return false;
  return item.entry.size === 0 || context.hashes.get(path)?.sha256 === item.sha256;
}

/** Plans files; a group of hard links is written or left out as a whole, its links behind their file. */
function writeFiles(
  context: ApplyContext,
  place: number,
  contents: PackageContents,
  files: readonly { item: PackagedEntry; entry: LayerEntry; same: boolean }[],
): void {
  const byPackaged = new Map(files.map((file) => [file.item.entry.path, file]));
  const changedGroups = new Set<string>();
  const rootOf = (item: PackagedEntry): string =>
    item.entry.type === 'hardlink' ? (item.entry.link ?? '') : item.entry.path;
  for (const { item, entry, same } of files) {
    const target = byPackaged.get(rootOf(item));
    if (target === undefined) {
      throw new ApplyError(
        'conflict',
        `${contents.upgrade.name}: the target of the hard link ${item.entry.path} is not written`,
      );
    }
    const unchanged = item.entry.type === 'hardlink' ? isSameLink(context, target, entry) : same;
    if (!unchanged) changedGroups.add(rootOf(item));
  }
  for (const { item, entry } of files) {
    if (!changedGroups.has(rootOf(item))) continue;
    const arrived = context.draft.writes(entry.path);
    if (arrived && context.arrivals.get(entry.path)?.some((other) => other.contents !== contents)) continue;
    const target = byPackaged.get(rootOf(item));
    const link = item.entry.type === 'hardlink' && target ? { link: target.entry.path } : {};
    context.draft.putPackaged(place, item.index, { ...entry, ...link });
  }
}

function isSameLink(
  context: ApplyContext,
  target: { item: PackagedEntry; entry: LayerEntry },
  link: LayerEntry,
): boolean {
  const existing = context.draft.view.entry(link.path);
  const source = context.draft.view.entry(target.entry.path);
  if (existing?.content === undefined || source?.content === undefined) return false;
  return existing.content.path === source.content.path && existing.content.layer === source.content.layer;
}
