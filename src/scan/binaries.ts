import type { InstalledPackage } from '../ecosystems/index.ts';
import { displayPath } from '../image/index.ts';
import type { Diagnostic } from '../kernel/index.ts';
import type { Catalog } from './catalogers.ts';

/** Paths that are named. */
const named = 10;

/**
 * What is to be said of executables, now that it is known which packages own which files: problems of those that nobody
 * owns, and how many programs there are that nothing explains (scanning.md §3.6).
 */
export function binaryDiagnostics(
  { owners, unlessOwned, programs }: Pick<Catalog, 'owners' | 'unlessOwned' | 'programs'>,
  packages: readonly InstalledPackage[],
): Diagnostic[] {
  const isOwned = (path: string): boolean => owners.some((owner) => owner.ownerOf(path) !== undefined);
  const problems = unlessOwned.filter(({ path }) => path === undefined || !isOwned(path));
  const explained = new Set(packages.flatMap(({ locations }) => locations.map(({ path }) => path)));
  for (const { path } of unlessOwned) if (path !== undefined) explained.add(path);
  const unknown = programs.filter((path) => !explained.has(path) && !isOwned(path)).sort();
  if (unknown.length === 0) return problems;
  const some = unknown.slice(0, named).map(displayPath).join(', ');
  const more = unknown.length > named ? ' …' : '';
  const who = unknown.length === 1 ? 'One program belongs' : `${unknown.length} programs belong`;
  const message = `${who} to no package, and nothing tells what ${unknown.length === 1 ? 'it is' : 'they are'} made of: ${some}${more}.`;
  return [...problems, { code: 'unidentified_binaries', message }];
}
