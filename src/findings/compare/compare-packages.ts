import type { ScanReport } from '../report.ts';
import type { ChangedPackage, ReportComparison } from './contract.ts';

interface Named {
  readonly type: string;
  readonly name: string;
  readonly versions: Set<string>;
}

/** Versions by package name; what an image only declares, removed, or holds as part of another package is left out. */
export function versionsOf(report: ScanReport): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>();
  for (const { type, name, version, scope, ownedBy } of report.packages) {
    if (ownedBy !== null || scope === 'removed' || scope === 'declared') continue;
    const key = JSON.stringify([type, name]);
    const known = names.get(key);
    if (known === undefined) names.set(key, { type, name, versions: new Set([version]) });
    else known.versions.add(version);
  }
  return names;
}

/** Which packages came, went, or have other versions; each list sorted by type and name. */
export function comparePackages(
  before: ReturnType<typeof versionsOf>,
  after: ReturnType<typeof versionsOf>,
): ReportComparison['packages'] {
  const added: ChangedPackage[] = [];
  const removed: ChangedPackage[] = [];
  const changed: ChangedPackage[] = [];
  let unchanged = 0;
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(key), after.get(key)];
    const { type = '', name = '' } = now ?? old ?? {};
    const change = { type, name, before: sorted(old?.versions), after: sorted(now?.versions) };
    if (old === undefined) added.push(change);
    else if (now === undefined) removed.push(change);
    else if (old.versions.symmetricDifference(now.versions).size > 0) changed.push(change);
    else unchanged++;
  }
  return { added, removed, changed, unchanged };
}

function sorted(versions: ReadonlySet<string> | undefined): string[] {
  return [...(versions ?? [])].sort();
}
