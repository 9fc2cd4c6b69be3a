import { ignoredRisk, type Plan, type RiskStore, riskKinds, riskLevels, type Tallies } from '../../findings/index.ts';
import type { ImageView, RiskHit, RiskImage, RiskKind } from '../contract/index.ts';
import { imageView } from '../images/image-view.ts';
import type { HitSlot } from './lists.ts';
import { type RiskSelector, RiskSum } from './select.ts';
import type { RiskWords } from './texts.ts';

const noProgress: ReadonlyMap<number, number> = new Map();

/** An image with what a query selects of it. */
export function riskImage(plan: Plan, tallies: Tallies, selector: RiskSelector, slot: number): RiskImage {
  const sum = new RiskSum();
  const { view, kind } = selector;
  selector.each(slot, (risk, level, status) => {
    sum.add(level, status, view.firstSeen(slot, risk), view.lastSeen(slot, risk));
  });
  const { levels: hits, status, firstSeen, lastSeen } = sum;
  const image = imageView(plan, tallies, slot, noProgress);
  return { image, level: levelOf(kind, sum.worst), hits, status, firstSeen, lastSeen };
}

/** Findings of images with their names, in the order given. */
export async function riskHits(
  plan: Plan,
  tallies: Tallies,
  hits: readonly HitSlot[],
  deps: { readonly store: Pick<RiskStore, 'riskIdsFor' | 'riskFindings'>; readonly words: RiskWords },
): Promise<RiskHit[]> {
  if (hits.length === 0) return [];
  const { table } = tallies.risks;
  const { rows } = plan.snapshot.images;
  const pairs = hits.map(({ image, risk }) => ({ imageId: rows.id(image), keyId: table.key(risk) }));
  const [ids, findings] = await Promise.all([
    deps.store.riskIdsFor(pairs),
    deps.store.riskFindings([...new Set(hits.map(({ risk }) => table.id(risk)))]),
  ]);
  const images = new Map<number, ImageView>();
  return hits.flatMap(({ image: slot, risk }, index): RiskHit[] => {
    const finding = findings.get(table.id(risk));
    // Swept away since the state at hand was read: its image has gone.
    if (finding === undefined) return [];
    const image = images.get(slot) ?? imageView(plan, tallies, slot, noProgress);
    images.set(slot, image);
    return [{ ...described(tallies, slot, risk, deps.words), id: ids[index] as number, image, finding }].map(
      ({ rule, ...hit }) => ({ ...hit, finding: { ...finding, ignored: ignoredRisk(rule) } }),
    );
  });
}

function described({ risks }: Tallies, slot: number, risk: number, words: RiskWords) {
  const { table, book } = risks;
  const kind = riskKinds[table.kind(risk)] ?? 'baseline';
  const position = book.ruleOf(slot, risk);
  const rule = book.rules[position] ?? null;
  const lastSeen = risks.lastSeen(slot, risk);
  return {
    ...words.of(kind, table.heads[table.head(risk)] as (typeof table.heads)[number]),
    ...{ kind, rule, level: levelOf(kind, table.level(risk)), counted: table.counted(risk) },
    status: book.verdictOf(slot, risk) ?? ('open' as const),
    decision: rule && { ruleId: rule.id, reason: rule.reason, by: rule.by, until: rule.expiresAt },
    ...{ firstSeen: risks.firstSeen(slot, risk), lastSeen, lastVerified: lastSeen },
  };
}

function levelOf(kind: RiskKind, code: number): RiskHit['level'] {
  return riskLevels(kind)[code] ?? 'low';
}
