import { type Pacer, type Plan, riskLevels, selectedImages } from '../../findings/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { RiskGroup } from '../contract/index.ts';
import { isOpen, levelNumbers, type RiskSelector, RiskSum } from './select.ts';
import { keysOf, type RiskWords } from './texts.ts';

/** What findings are grouped by. */
export type GroupBy = 'rule' | 'name' | 'class';

/** A group while it is being counted. */
interface Counting {
  readonly key: string;
  readonly sum: RiskSum;
  readonly images: number[];
  openImages: number;
  /** The worst of it: it says what the group is called. */
  example: number;
  /** The image that is being looked at, its worst level, and whether any of it is open. */
  image: number;
  level: number;
  open: boolean;
}

/** Groups over the images of a plan, the worst and most widespread first. */
export async function riskGroups(
  plan: Plan,
  selector: RiskSelector,
  by: GroupBy,
  words: RiskWords,
  pacer: Pacer,
): Promise<readonly RiskGroup[]> {
  const groups = await countGroups(plan, selector, by, pacer);
  const { kind, view } = selector;
  const shown = groups.map(({ key, sum, images, openImages, example }): RiskGroup => {
    const texts = words.of(kind, view.table.heads[view.table.head(example)] as (typeof view.table.heads)[number]);
    return {
      ...texts,
      ...{ kind, key, level: riskLevels(kind)[sum.worst] ?? 'low', images: levelNumbers(images), openImages },
      ...{ hits: sum.levels, status: sum.status, firstSeen: sum.firstSeen, lastSeen: sum.lastSeen },
    };
  });
  const levels = riskLevels(kind);
  return shown.sort(
    (a, b) =>
      levels.indexOf(a.level) - levels.indexOf(b.level) || b.images.total - a.images.total || compareText(a.key, b.key),
  );
}

async function countGroups(
  plan: Plan,
  selector: RiskSelector,
  by: GroupBy,
  pacer: Pacer,
): Promise<readonly Counting[]> {
  const { view } = selector;
  const groups = new Map<string, Counting>();
  const known: (Counting | undefined)[] = [];
  const { table } = view;
  // Findings of one rule, or of one MD5, are one group: so many are few.
  const byMd5 = by === 'rule' && selector.kind === 'malicious';
  const groupOf = (risk: number): Counting => {
    const number = byMd5 ? table.md5.number(risk) + 1 : table.head(risk);
    let group = known[number];
    if (group === undefined) {
      const key = keyOf(selector, by, risk);
      group = groups.get(key) ?? newGroup(key, risk);
      groups.set(key, group);
      known[number] = group;
    }
    return group;
  };
  for (const [index, image] of (await selectedImages(plan, pacer)).entries()) {
    if ((index & 255) === 0 && pacer.due()) await pacer.rest();
    const touched: Counting[] = [];
    selector.each(image, (risk, level, status) => {
      const group = groupOf(risk);
      if (group.image !== image) {
        touched.push(group);
        group.image = image;
        group.level = level;
        group.open = false;
      }
      if (level < group.sum.worst) group.example = risk;
      group.level = Math.min(group.level, level);
      group.open ||= isOpen(status);
      group.sum.add(level, status, view.firstSeen(image, risk), view.lastSeen(image, risk));
    });
    for (const group of touched) {
      (group.images[group.level] as number)++;
      if (group.open) group.openImages++;
    }
  }
  return [...groups.values()];
}

function newGroup(key: string, example: number): Counting {
  return { key, sum: new RiskSum(), images: [0, 0, 0], openImages: 0, example, image: -1, level: 0, open: false };
}

/** Malicious packages have no hash: each is a group of its own. */
function keyOf({ view, kind }: RiskSelector, by: GroupBy, risk: number): string {
  const { table } = view;
  const { ruleKey, nameKey, classKey } = keysOf(table.heads[table.head(risk)] as (typeof table.heads)[number]);
  if (by === 'class') return classKey;
  if (by === 'name') return nameKey;
  return kind === 'malicious' ? (table.md5.get(risk) ?? '') : ruleKey;
}
