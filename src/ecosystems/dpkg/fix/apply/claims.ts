import type { DpkgPackage } from '../database.ts';
import { parseRelations, versionFits } from '../solver/relations.ts';
import type { ApplyContext } from './context.ts';
import { ApplyError } from './errors.ts';
import type { PackageContents, PackagedEntry } from './package-contents.ts';

/** Clears up who owns a path: `theirs`, the package it is taken from, or undefined when nobody else minds. */
export function claimPath(
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
function replaces(taker: DpkgPackage, giver: DpkgPackage): boolean {
  return parseRelations(taker.fields.get('replaces') ?? '').some(({ alternatives }) =>
    alternatives.some(({ name, constraint }) => name === giver.name && versionFits(constraint, giver.version)),
  );
}
