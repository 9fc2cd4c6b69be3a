import { codeOf } from '../../facts/codes.ts';
import { riskKinds } from '../../risks/kinds.ts';
import type { RiskHead } from '../../risks/risk-facts.ts';
import type { RiskDetector } from '../../risks/scanned.ts';
import type { EstateRisk, EstateRiskContent, EstateSet, EstateSource } from '../ports.ts';
import { regrown, TextColumn } from './columns.ts';
import { IdSlots } from './id-slots.ts';
import type { Pacer } from './pacer.ts';
import { grown } from './rows.ts';

/** Risks and sets of them by slot. Only ever longer, and what stands in it never changes: snapshots share it. */
export class RiskTable {
  readonly #slots = new IdSlots();
  readonly #headSlots = new Map<number, number>();
  readonly #setSlots = new IdSlots();
  #kind = new Uint8Array(64);
  #level = new Uint8Array(64);
  #counted = new Uint8Array(64);
  #id = new Int32Array(64);
  #key = new Int32Array(64);
  #head = new Int32Array(64);
  #setStart = new Int32Array(64);
  #members = new Int32Array(64);
  #used = 0;
  #count = 0;
  #sets = 0;
  readonly heads: RiskHead[] = [];
  readonly path = new TextColumn();
  readonly md5 = new TextColumn();
  readonly sha256 = new TextColumn();
  readonly layer = new TextColumn();
  lastRisk = 0;
  lastSet = 0;

  /** Risks, and sets, that were added. */
  get count(): number {
    return this.#count;
  }
  get sets(): number {
    return this.#sets;
  }

  add(risk: EstateRisk): void {
    this.lastRisk = Math.max(this.lastRisk, risk.id);
    if (this.#slots.has(risk.id)) return;
    const slot = this.#count++;
    this.#slots.set(risk.id, slot);
    let head = this.#headSlots.get(risk.headId);
    if (head === undefined) {
      head = this.heads.push(risk.head) - 1;
      this.#headSlots.set(risk.headId, head);
    }
    this.#kind = regrown(this.#kind, this.#count);
    this.#level = regrown(this.#level, this.#count);
    this.#counted = regrown(this.#counted, this.#count);
    this.#id = regrown(this.#id, this.#count);
    this.#key = regrown(this.#key, this.#count);
    this.#head = regrown(this.#head, this.#count);
    this.#kind[slot] = codeOf(riskKinds, risk.kind);
    this.#level[slot] = risk.level;
    this.#counted[slot] = risk.counted ? 1 : 0;
    this.#id[slot] = risk.id;
    this.#key[slot] = risk.keyId;
    this.#head[slot] = head;
    this.path.set(slot, risk.path);
    this.md5.set(slot, risk.md5);
    this.sha256.set(slot, risk.sha256);
    this.layer.set(slot, risk.layer);
  }

  /** The risks have to be there before; what is not was swept away, and nothing holds the set any more. */
  addSet({ id, members }: EstateSet): void {
    this.lastSet = Math.max(this.lastSet, id);
    if (this.#setSlots.has(id)) return;
    this.#setSlots.set(id, this.#sets);
    this.#members = regrown(this.#members, this.#used + members.length);
    for (const member of members) {
      const slot = this.#slots.get(member);
      if (slot !== undefined) this.#members[this.#used++] = slot;
    }
    this.#setStart = regrown(this.#setStart, this.#sets + 2);
    this.#setStart[++this.#sets] = this.#used;
  }

  setSlot(id: number): number | undefined {
    return this.#setSlots.get(id);
  }
  /** Risk slots of a set, in the order of the report; a view that must not be kept. */
  members(set: number): Int32Array {
    return set < 0
      ? this.#members.subarray(0, 0)
      : this.#members.subarray(this.#setStart[set], this.#setStart[set + 1]);
  }
  /** Code of the kind, position in `riskKinds`. */
  kind(slot: number): number {
    return this.#kind[slot] as number;
  }
  /** 0 is the worst. */
  level(slot: number): number {
    return this.#level[slot] as number;
  }
  counted(slot: number): boolean {
    return this.#counted[slot] === 1;
  }
  id(slot: number): number {
    return this.#id[slot] as number;
  }
  /** Number of what it is inside of an image. */
  key(slot: number): number {
    return this.#key[slot] as number;
  }
  /** Position in `heads`. */
  head(slot: number): number {
    return this.#head[slot] as number;
  }
}

/** What detectors found in scanned manifests. */
export interface RiskPart {
  readonly table: RiskTable;
  /** Risks in use when this part was made; the table may have more by now. */
  readonly count: number;
  readonly sets: number;
  /** Manifest → content slot. Grows only. */
  readonly byManifest: IdSlots;
  /** Content slot → set slot. */
  readonly setOf: Int32Array;
  /** Content slot → end of the first scan with detectors, ms. */
  readonly firstAt: Float64Array;
  /** Content slot → keys that were found later, with when; detectors that the last scan did not ask, with when one did. */
  readonly since: ReadonlyMap<number, ReadonlyMap<number, number>>;
  readonly seen: ReadonlyMap<number, ReadonlyMap<RiskDetector, number>>;
}

/** An estate in which no detector found anything. A new one, because tables are filled. */
export const noRiskPart = (): RiskPart => ({
  table: new RiskTable(),
  ...{ count: 0, sets: 0, byManifest: new IdSlots() },
  ...{ setOf: new Int32Array(0), firstAt: new Float64Array(0), since: new Map(), seen: new Map() },
});

/**
 * Reads what has changed since a part. Contents come first: what they refer to is there then. A set without its image is
 * swept away in the store; here it stays until everything is read anew.
 */
export async function nextRisks(
  source: EstateSource,
  base: RiskPart,
  sinceIngest: number,
  pacer: Pacer,
): Promise<RiskPart> {
  const changed: EstateRiskContent[] = [];
  for await (const batch of source.riskContents(sinceIngest)) {
    for (const content of batch) changed.push(content);
    if (pacer.due()) await pacer.rest();
  }
  if (changed.length === 0) return base;
  const { table, byManifest } = base;
  // Sets are read before risks, so that all of their members are there.
  const sets: EstateSet[] = [];
  for await (const batch of source.riskSets(table.lastSet)) {
    for (const set of batch) sets.push(set);
    if (pacer.due()) await pacer.rest();
  }
  for await (const batch of source.risks(table.lastRisk)) {
    for (const risk of batch) table.add(risk);
    if (pacer.due()) await pacer.rest();
  }
  for (const set of sets) {
    table.addSet(set);
    if (pacer.due()) await pacer.rest();
  }
  const slots = changed.map(({ manifestId }) => {
    const known = byManifest.get(manifestId);
    if (known !== undefined) return known;
    byManifest.set(manifestId, byManifest.size);
    return byManifest.size - 1;
  });
  const setOf = grown(base.setOf.slice(), byManifest.size);
  const firstAt = grown(base.firstAt.slice(), byManifest.size);
  const since = new Map(base.since);
  const seen = new Map(base.seen);
  changed.forEach((content, index) => {
    const slot = slots[index] as number;
    setOf[slot] = table.setSlot(content.setId) ?? -1;
    firstAt[slot] = content.firstAt;
    replace(since, slot, content.since);
    replace(seen, slot, content.seen);
  });
  return { table, count: table.count, sets: table.sets, byManifest, setOf, firstAt, since, seen };
}

function replace<V>(map: Map<number, V>, slot: number, value: V | null): void {
  if (value === null) map.delete(slot);
  else map.set(slot, value);
}
