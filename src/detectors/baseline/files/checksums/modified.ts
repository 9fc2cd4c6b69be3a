import { rpmProgramSums } from '../../../../ecosystems/index.ts';
import type { ViewEntry } from '../../../../image/index.ts';
import type { CheckContext } from '../../contract.ts';
import { isFile } from '../file-evidence.ts';
import { dpkgSums } from './dpkg.ts';

/** A file whose content is not what its package brought. */
export interface ModifiedFile {
  readonly entry: ViewEntry;
  readonly package: string;
}

/** How files compare with what packages recorded. */
export interface Comparison {
  /** Checksums that the databases hold. */
  readonly recorded: number;
  /** Files that were compared. */
  readonly compared: number;
  /** By canonical path. */
  readonly modified: ReadonlyMap<string, ModifiedFile>;
}

const known = new WeakMap<CheckContext, Comparison>();

/** Compares every file that was hashed with the checksums of its package; done once for an image. */
export function compareWithPackages(context: CheckContext): Comparison {
  let comparison = known.get(context);
  if (comparison === undefined) {
    comparison = compare(context);
    known.set(context, comparison);
  }
  return comparison;
}

function compare(context: CheckContext): Comparison {
  let recorded = 0;
  let compared = 0;
  const differing = new Map<string, ModifiedFile>();
  const equal = new Set<string>();
  for (const sums of [dpkgSums(context), rpmProgramSums(context.layers, context.view)]) {
    for (const { package: name, path, algorithm, digest } of sums) {
      recorded++;
      // The last part of a path is the package's own entry: what a link leads to is another file.
      const entry = context.view.entry(path);
      if (entry?.content === undefined || !isFile(entry)) continue;
      const hashes = context.hashes(entry.content);
      if (hashes === undefined) continue;
      compared++;
      if (hashes[algorithm] === digest) equal.add(entry.path);
      else differing.set(entry.path, { entry, package: name });
    }
  }
  // Two packages may bring one file, of which the later one counts; and packages of two architectures share files.
  for (const path of equal) differing.delete(path);
  return { recorded, compared, modified: differing };
}
