import { groupBy } from '../../findings/index.ts';
import type { Cell } from '../terminal/grid.ts';
import type { Style } from '../terminal/style.ts';
import { fitText, terminalText } from '../terminal/terminal-text.ts';
import { someOf } from '../terminal/words.ts';

/** What a plan and a report both know of an upgrade. */
export interface ShownUpgrade {
  readonly name: string;
  readonly from: string | null;
  readonly to: string;
  readonly repository: string;
  readonly reason: 'requested' | 'dependency' | 'same source';
}

/** One line per version change, with the packages that share it and the number of vulnerabilities it fixes. */
export function upgradeRows(
  upgrades: readonly ShownUpgrade[],
  fixesOf: ReadonlyMap<string, ReadonlySet<string>>,
  style: Style,
  width: number,
): readonly Cell[][] {
  const groups = groupBy(upgrades, ({ from, to, repository }) => JSON.stringify([from, to, repository]));
  const lines = [...groups.values()].map((members) => {
    const ids = new Set(members.flatMap(({ name }) => [...(fixesOf.get(name) ?? [])]));
    return { members, fixes: ids.size };
  });
  lines.sort((a, b) => b.fixes - a.fixes || ((a.members[0]?.name ?? '') < (b.members[0]?.name ?? '') ? -1 : 1));
  return lines.map(({ members, fixes }) => {
    const first = members[0] as ShownUpgrade;
    const names = someOf(
      members.map(({ name }) => terminalText(name, 100)),
      3,
    );
    const change = `${terminalText(first.from ?? 'new', 100)} → ${terminalText(first.to, 100)}`;
    return [
      { text: fitText(names, Math.max(16, Math.floor(width * 0.32))) },
      { text: fitText(change, Math.max(24, Math.floor(width * 0.45))), style: style.good },
      { text: fixes > 0 ? `fixes ${fixes}` : first.reason, style: style.dim },
    ];
  });
}

/** Which vulnerabilities an upgrade of each binary package settles. */
export function fixesByPackage(
  outcomes: Iterable<{ readonly id: string; readonly package: string | null; readonly outcome: string }>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const fixes = new Map<string, Set<string>>();
  for (const { id, package: name, outcome } of outcomes) {
    if (outcome !== 'fixed' || name === null) continue;
    const ids = fixes.get(name) ?? new Set<string>();
    fixes.set(name, ids.add(id));
  }
  return fixes;
}
