import type { LayerEntry } from '../../../../image/index.ts';
import type { ConffileRecord } from '../database.ts';
import { removedConffiles } from '../scripts/rm-conffile.ts';
import { decideConffile } from './conffile-table.ts';
import { type ApplyContext, targetOf } from './context.ts';
import { ApplyError } from './errors.ts';
import type { PackageContents, PackagedEntry } from './package-contents.ts';
import { toLayerPath } from './path-text.ts';

/** What became of a package's configuration files. */
export interface PlacedConffiles {
  /** Lines of the new record, in dpkg's order. */
  readonly lines: readonly string[];
  /** Packaged paths of files that the package no longer ships but that stay; they go to the end of its list. */
  readonly obsolete: readonly string[];
  /** Canonical paths that the removal of old files must not touch. */
  readonly protectedPaths: ReadonlySet<string>;
}

/** Packaged paths that the new version declares as configuration and ships as regular files. */
export function shippedConffiles(contents: PackageContents): ReadonlyMap<string, PackagedEntry> {
  const declared = new Set(
    contents.conffiles.filter((line) => !line.removeOnUpgrade).map(({ path }) => toLayerPath(path)),
  );
  return new Map(
    contents.entries
      .filter(({ entry }) => entry.type === 'file' && declared.has(entry.path))
      .map((item) => [item.entry.path, item]),
  );
}

/** Where a configuration file of a record really lies: diversions and links, the last one too, are followed. */
export function conffilePlace(
  context: Pick<ApplyContext, 'paths'>,
  name: string,
  packaged: string,
): string | undefined {
  const target = context.paths.target(name, packaged);
  return target === undefined ? undefined : context.paths.follow(target);
}

/** Decides every configuration file of one package by the table of fix-engine.md §8.4. */
export function placeConffiles(context: ApplyContext, place: number, contents: PackageContents): PlacedConffiles {
  const shipped = shippedConffiles(contents);
  const protectedPaths = new Set<string>();
  const lines: string[] = [];
  for (const { path, removeOnUpgrade } of contents.conffiles) {
    const packaged = toLayerPath(path);
    const item = shipped.get(packaged);
    if (removeOnUpgrade) {
      const recorded = removeOnRequest(context, contents, packaged, protectedPaths);
      if (recorded) lines.push(`${path} ${recorded} remove-on-upgrade`);
    } else if (item) {
      const target = targetOf(context, contents, packaged);
      protectedPaths.add(target);
      if (context.draft.view.entry(target)?.type === 'symlink') {
        placeBesideLink(context, place, contents, item, target);
        lines.push(`${path} ${recordedHash(context, contents, packaged) ?? 'newconffile'}`);
      } else {
        placeConffile(context, place, contents, item, target);
        lines.push(`${path} ${item.md5}`);
      }
    }
  }
  const obsolete = keepObsolete(context, contents, shipped, lines, protectedPaths);
  return { lines, obsolete, protectedPaths };
}

/**
 * Where the administrator put a link, dpkg (1.20 to 1.22) unpacks the new version beside the link but looks for it
 * beside the file that the link leads to. So link, file and recorded hash stay as they are, whatever the contents,
 * and the new version is left over as `.dpkg-new`. The same is done here: a database that claims more would be wrong.
 */
function placeBesideLink(
  context: ApplyContext,
  place: number,
  contents: PackageContents,
  item: PackagedEntry,
  link: string,
): void {
  const { path } = item.entry;
  if (!context.allows(path, 'other')) return;
  const { xattrs: _ignored, ...packaged } = item.entry;
  const beside = `${link}.dpkg-new`;
  context.draft.putPackaged(place, item.index, { ...packaged, ...context.overrides.byPath.get(path), path: beside });
  context.draft.diagnostics.push({
    code: 'conffile_kept',
    path: link,
    message: `a link in the image: kept; the version of ${contents.upgrade.name} lies beside it as .dpkg-new`,
  });
}

function placeConffile(
  context: ApplyContext,
  place: number,
  contents: PackageContents,
  item: PackagedEntry,
  target: string,
): void {
  const { draft, hashes, overrides } = context;
  const { path } = item.entry;
  if (!context.allows(path, 'other')) return;
  const existing = draft.view.entry(target);
  const action = decideConffile({
    recorded: recordedHash(context, contents, path),
    current: existing?.content && hashes.get(target)?.md5,
    shipped: item.md5 ?? '',
  });
  if (action === 'keep') return;
  const { xattrs: _ignored, ...packaged } = item.entry;
  const owner = existing && { mode: existing.mode, uid: existing.uid, gid: existing.gid };
  const entry: LayerEntry = { ...packaged, path: target, ...overrides.byPath.get(path), ...owner };
  if (action !== 'keep-aside') {
    draft.putPackaged(place, item.index, entry);
    return;
  }
  draft.putPackaged(place, item.index, { ...entry, path: `${target}.dpkg-dist` });
  draft.remove(`${target}.dpkg-old`);
  draft.diagnostics.push({
    code: 'conffile_kept',
    path: target,
    message: `changed in the image: kept; the version of ${contents.upgrade.name} lies beside it as .dpkg-dist`,
  });
}

/** Hash that the record gives; another owner's record counts for a file that moved between packages. */
function recordedHash(context: ApplyContext, contents: PackageContents, packaged: string): string | undefined {
  const own = contents.old && findRecord(contents.old.conffiles, packaged);
  if (own) return own.md5;
  const target = context.paths.target(contents.upgrade.name, packaged) ?? packaged;
  for (const owner of context.ownership.owners(target)) {
    const record = findRecord(owner.conffiles, packaged);
    if (record) return record.md5;
  }
  return undefined;
}

function findRecord(records: readonly ConffileRecord[], packaged: string): ConffileRecord | undefined {
  return records.find(({ path }) => toLayerPath(path) === packaged);
}

/** `remove-on-upgrade`: the package asks dpkg to delete the file, unless somebody changed it or also owns it. */
function removeOnRequest(
  context: ApplyContext,
  contents: PackageContents,
  packaged: string,
  protectedPaths: Set<string>,
): string | undefined {
  const recorded = contents.old && findRecord(contents.old.conffiles, packaged)?.md5;
  const target = conffilePlace(context, contents.upgrade.name, packaged);
  if (target === undefined) return recorded;
  protectedPaths.add(target);
  // A link that leads to the file stays, dangling, as with dpkg.
  protectedPaths.add(targetOf(context, contents, packaged));
  if (context.ownership.owners(target).some((owner) => owner !== contents.old)) return recorded;
  retire(context, target, recorded, 'dpkg-old');
  context.draft.remove(`${target}.dpkg-dist`);
  return recorded;
}

/** Deletes an unmodified file; an edited one gets another name. */
function retire(context: ApplyContext, target: string, recorded: string | undefined, suffix: string): void {
  const existing = context.draft.view.entry(target);
  if (existing?.content === undefined) return;
  if (context.hashes.get(target)?.md5 !== recorded) {
    const bytes = context.draft.view.small(target);
    if (bytes === undefined) throw new ApplyError('needs_script', `the edited file ${target} would have to be renamed`);
    const { layer: _layer, content: _content, link: _link, ...entry } = existing;
    const renamed: LayerEntry = { ...entry, type: 'file', size: bytes.length, path: `${target}.${suffix}` };
    context.draft.putDerived(renamed, bytes);
  }
  context.draft.remove(target);
}

/** What the helper line of a script does: it moves the path itself, be it a link, but judges by what lies behind it. */
function retireByScript(context: ApplyContext, place: string, target: string, recorded: string): void {
  if (context.draft.view.entry(place)?.type !== 'symlink') {
    retire(context, place, recorded, 'dpkg-bak');
  } else if (context.hashes.get(target)?.md5 === recorded) {
    context.draft.remove(place);
  } else {
    throw new ApplyError('needs_script', `the link ${place} to an edited file would have to be renamed`);
  }
}

/** Files that the new version does not ship any more: they stay, unless a helper line of a script retires them. */
function keepObsolete(
  context: ApplyContext,
  contents: PackageContents,
  shipped: ReadonlyMap<string, PackagedEntry>,
  lines: string[],
  protectedPaths: Set<string>,
): string[] {
  const { old } = contents;
  if (!old) return [];
  const declared = new Set(contents.conffiles.map(({ path }) => toLayerPath(path)));
  const shippedPaths = new Set(contents.entries.map(({ entry }) => entry.path));
  const retired = removedConffiles(contents.control, old.version);
  const left = new Map<string, ConffileRecord>();
  for (const record of old.conffiles) {
    const packaged = toLayerPath(record.path);
    if (shipped.has(packaged) || declared.has(packaged) || shippedPaths.has(packaged)) continue;
    const target = conffilePlace(context, old.name, packaged);
    if (target === undefined) continue;
    const place = context.paths.target(old.name, packaged) ?? target;
    protectedPaths.add(place);
    if (retired.has(record.path)) retireByScript(context, place, target, record.md5);
    else if (context.draft.view.entry(target) !== undefined) left.set(packaged, record);
  }
  const obsolete: string[] = [];
  for (const packaged of [...context.ownership.list(old)].reverse()) {
    const record = left.get(packaged);
    if (!record) continue;
    obsolete.push(packaged);
    lines.push(`${record.path} ${record.md5} obsolete${record.removeOnUpgrade ? ' remove-on-upgrade' : ''}`);
  }
  return obsolete;
}
