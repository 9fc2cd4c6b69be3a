import { type RiskKind, riskKinds } from '../../risks/kinds.ts';
import { riskDetectorOf } from '../../risks/scanned.ts';
import { levelsOf, type RiskLevels, type RiskTally, tallyOfRisks } from '../../risks/tally.ts';
import type { Pacer } from '../estate/pacer.ts';
import { RiskBook } from '../estate/risk-book.ts';
import type { RiskTable } from '../estate/risk-part.ts';
import type { Snapshot } from '../estate/snapshot.ts';

/** Open findings by kind and level, then handled ones by kind. */
const levels = 3;
const handledAt = riskKinds.length * levels;
const columns = handledAt + riskKinds.length;

/** Risks of one snapshot with decisions applied: what lists, counters and filters go by. */
export class RiskView {
  readonly table: RiskTable;
  readonly book: RiskBook;
  readonly #snapshot: Snapshot;
  /** Image slot → content slot of the risk part; -1 = no detector has looked at it. */
  readonly #contents: Int32Array;
  readonly #counts: Int32Array;

  constructor(snapshot: Snapshot, contents: Int32Array, counts: Int32Array, book: RiskBook) {
    this.#snapshot = snapshot;
    this.#contents = contents;
    this.#counts = counts;
    this.table = snapshot.risks.table;
    this.book = book;
  }

  /** Risk slots of an image, in the order of its report; a view that must not be kept. */
  of(image: number): Int32Array {
    const content = this.#contents[image] as number;
    return this.table.members(content < 0 ? -1 : (this.#snapshot.risks.setOf[content] as number));
  }

  /** Open findings of a kind. */
  open(image: number, kind: RiskKind): number {
    return this.levels(image, kind).total;
  }

  levels(image: number, kind: RiskKind): RiskLevels {
    const at = image * columns + riskKinds.indexOf(kind) * levels;
    return levelsOf(this.#counts[at] as number, this.#counts[at + 1] as number, this.#counts[at + 2] as number);
  }

  tally(image: number): RiskTally {
    return tallyOfRisks(
      (kind, level) => this.#counts[image * columns + riskKinds.indexOf(kind) * levels + level] as number,
    );
  }

  /** Findings of a kind that a decision took out of the numbers. */
  handled(image: number, kind: RiskKind): number {
    return this.#counts[image * columns + handledAt + riskKinds.indexOf(kind)] as number;
  }

  /** Open findings of all kinds. */
  total(image: number): number {
    let sum = 0;
    for (let at = 0; at < handledAt; at++) sum += this.#counts[image * columns + at] as number;
    return sum;
  }

  /** ms of the first scan that found a risk of an image. */
  firstSeen(image: number, risk: number): number {
    const content = this.#contents[image] as number;
    const { since, firstAt } = this.#snapshot.risks;
    const first = firstAt[content] as number;
    return since.size === 0 ? first : (since.get(content)?.get(this.table.key(risk)) ?? first);
  }

  /** ms of the last scan that found it, which is the last one that looked for it. */
  lastSeen(image: number, risk: number): number {
    const content = this.#contents[image] as number;
    if (!this.#snapshot.risks.seen.has(content)) return this.#scannedAt(image, content);
    const kind = riskKinds[this.table.kind(risk)] ?? 'baseline';
    const detector = riskDetectorOf(kind, kind === 'malicious' && this.table.md5.get(risk) === null);
    return this.#snapshot.risks.seen.get(content)?.get(detector) ?? this.#scannedAt(image, content);
  }

  #scannedAt(image: number, content: number): number {
    const { images, risks } = this.#snapshot;
    return images.rows.number('scannedAt', image) ?? (risks.firstAt[content] as number);
  }
}

const known = new WeakMap<Snapshot, Promise<RiskView>>();

/** The risks of a snapshot, worked out once, in slices. */
export function riskViewOf(snapshot: Snapshot, pacer: () => Pacer): Promise<RiskView> {
  let view = known.get(snapshot);
  if (view === undefined) {
    view = makeView(snapshot, pacer());
    known.set(snapshot, view);
  }
  return view;
}

async function makeView(snapshot: Snapshot, pacer: Pacer): Promise<RiskView> {
  const { images, risks, rules } = snapshot;
  const { table } = risks;
  const book = new RiskBook(rules.riskRules, images, table);
  const contents = new Int32Array(images.count).fill(-1);
  const counts = new Int32Array(images.count * columns);
  // Counters of sets for images without rules of their own; -1 = not counted yet.
  const ofSets = new Int32Array(risks.sets * columns);
  const counted = new Uint8Array(risks.sets);
  for (let image = 0; image < images.count; image++) {
    if ((image & 255) === 0 && pacer.due()) await pacer.rest();
    const content = risks.byManifest.get(images.rows.number('manifestId', image) ?? -1);
    // One that was added later belongs to the next snapshot.
    if (content === undefined || content >= risks.setOf.length) continue;
    const set = risks.setOf[content] as number;
    if (set < 0) continue;
    contents[image] = content;
    if (book.classOf[image] !== 0) {
      count(table, book, image, set, counts, image * columns);
      continue;
    }
    if (counted[set] === 0) {
      count(table, book, image, set, ofSets, set * columns);
      counted[set] = 1;
    }
    counts.set(ofSets.subarray(set * columns, (set + 1) * columns), image * columns);
  }
  return new RiskView(snapshot, contents, counts, book);
}

function count(table: RiskTable, book: RiskBook, image: number, set: number, into: Int32Array, at: number): void {
  for (const risk of table.members(set)) {
    if (!table.counted(risk)) continue;
    const kind = table.kind(risk);
    const verdict = book.verdictOf(image, risk);
    const column = verdict === null || verdict === 'verifying' ? kind * levels + table.level(risk) : handledAt + kind;
    (into[at + column] as number)++;
  }
}
