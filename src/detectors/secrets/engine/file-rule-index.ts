import type { FileRule } from '../contract.ts';

/** Looks up which rules for whole files ask for a file, by its name or its first bytes; called for every file. */
export function fileRuleIndex(rules: readonly FileRule[]): (path: string, head: Buffer) => readonly FileRule[] {
  const byName = groupBy(rules, ({ names = [] }) => names);
  const byExtension = groupBy(rules, ({ extensions = [] }) => extensions);
  const byMagic = rules.filter(({ magic }) => magic !== undefined);
  return (path, head) => {
    const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
    const found = new Set(byName.get(name));
    // Names such as `.ovpn.bak` have several ends; the longest that is asked for is one of the last three.
    for (
      let dot = name.lastIndexOf('.'), left = 3;
      dot >= 0 && left > 0;
      dot = name.lastIndexOf('.', dot - 1), left--
    ) {
      for (const rule of byExtension.get(name.slice(dot)) ?? []) found.add(rule);
      if (dot === 0) break;
    }
    for (const rule of byMagic) {
      if (rule.magic?.some(({ offset, bytes }) => head.subarray(offset, offset + bytes.length).equals(bytes)))
        found.add(rule);
    }
    return found.size === 0 ? none : [...found].filter(({ where }) => where === undefined || where.test(path));
  };
}

const none: readonly FileRule[] = [];

function groupBy(
  rules: readonly FileRule[],
  keysOf: (rule: FileRule) => readonly string[],
): ReadonlyMap<string, readonly FileRule[]> {
  const groups = new Map<string, FileRule[]>();
  for (const rule of rules) {
    for (const key of keysOf(rule)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [rule]);
      else group.push(rule);
    }
  }
  return groups;
}
