import type { DpkgPackage } from '../database.ts';
import type { ApplyContext } from './context.ts';

/**
 * Removes what the old version had and the new one lacks, in reverse order of the old list, so that directories are
 * looked at after their content. Paths of other packages, configuration files and links that stand for a directory
 * of the list stay.
 */
export function removeOldFiles(
  context: ApplyContext,
  old: DpkgPackage,
  targets: ReadonlySet<string>,
  protectedPaths: ReadonlySet<string>,
): void {
  const { draft, ownership, paths } = context;
  const list = ownership.list(old);
  const directories = listedDirectories(list);
  for (const packaged of [...list].reverse()) {
    const target = paths.target(old.name, packaged);
    if (target === undefined || targets.has(target) || protectedPaths.has(target)) continue;
    if (isHeldByOthers(context, old, target)) continue;
    const entry = draft.view.entry(target);
    if (entry === undefined || draft.writes(target)) continue;
    if (entry.type === 'directory') {
      if (draft.willBeEmpty(target)) draft.remove(target);
    } else if (entry.type !== 'symlink' || !directories.has(packaged)) {
      draft.remove(target);
    }
  }
}

/** Paths that the list itself shows to be directories: something lies below them. */
function listedDirectories(list: readonly string[]): ReadonlySet<string> {
  const directories = new Set<string>();
  for (const packaged of list) {
    const slash = packaged.lastIndexOf('/');
    if (slash > 0) directories.add(packaged.slice(0, slash));
  }
  return directories;
}

function isHeldByOthers(context: ApplyContext, old: DpkgPackage, target: string): boolean {
  if (context.arrivals.get(target)?.some(({ contents }) => contents.old !== old)) return true;
  return context.ownership.owners(target).some((owner) => owner !== old && !context.replaced.has(owner));
}
