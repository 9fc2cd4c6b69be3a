import type { FileEntry, LayerEntry } from '../../../../image/index.ts';
import type { DpkgPackage } from '../database.ts';
import { namesPath } from '../scripts/mentions.ts';
import { claimPath } from './claims.ts';
import { type ApplyContext, targetOf } from './context.ts';
import type { Draft } from './draft.ts';
import { ApplyError } from './errors.ts';
import type { PackageContents, PackagedEntry } from './package-contents.ts';

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
      const result = placeDirectory(context, place, contents, item, target);
      if (result === 'excluded') targets.delete(target);
      // dpkg takes what it creates out of all other lists, a directory that was missing in the image too.
      if (result === 'created')
        for (const from of otherOwners(context, contents, target)) taken.push({ from, packaged: path });
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

/** `excluded`: neither created nor kept, should the old version alone have brought it. */
function placeDirectory(
  { draft, paths, allows, overrides }: ApplyContext,
  place: number,
  contents: PackageContents,
  item: PackagedEntry,
  target: string,
): 'there' | 'created' | 'excluded' {
  if (!allows(item.entry.path, 'directory')) return 'excluded';
  const existing = draft.after(target);
  if (existing?.type === 'directory') return 'there';
  if (existing?.type === 'symlink') {
    const followed = paths.follow(target);
    if (followed !== undefined && draft.after(followed)?.type === 'directory') return 'there';
  }
  if (existing) {
    draft.diagnostics.push({
      code: 'directory_over_file',
      path: target,
      message: `${contents.upgrade.name} ships a directory where the image holds a ${existing.type}`,
    });
  }
  const override = overrides.byPath.get(item.entry.path);
  draft.putPackaged(place, item.index, { ...plain(item.entry), ...override, path: target });
  return existing ? 'there' : 'created';
}

function otherOwners(
  { ownership, replaced }: ApplyContext,
  { upgrade }: PackageContents,
  target: string,
): DpkgPackage[] {
  return ownership.owners(target).filter((owner) => owner.name !== upgrade.name && !replaced.has(owner));
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
