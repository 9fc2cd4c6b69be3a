import type { Sort } from '../contract.ts';
import { QueryError } from '../errors.ts';
import type { Pacer } from '../estate/pacer.ts';
import type { RowBlock } from '../row-source.ts';
import { Collector } from './collector.ts';
import { slotOfImage } from './describe.ts';
import { pageOf } from './pages.ts';
import type { Plan } from './plan.ts';
import { RecordGroups } from './record-groups.ts';

/** Rows after which a block is handed over. */
const blockRows = 4_096;

/** Findings of whole images, image after image by rising id, in the arrays of one block that is filled again and again. */
export async function* blocksOfImages(
  plan: Plan,
  grain: 'finding' | 'record',
  from: string | null,
  limit: number,
  pacer: Pacer,
): AsyncGenerator<RowBlock> {
  const block = new BlockBuilder(plan);
  const groups = new RecordGroups(plan, grain, pacer);
  await groups.ready();
  const collector = new Collector(plan);
  let left = limit - doneOf(from);
  let done = doneOf(from);
  let index = startOf(plan, from);
  for (; index < plan.images.length && left > 0; index++) {
    const image = plan.images[index] as number;
    collector.collect(image);
    const rows = groups.take(collector);
    const taken = Math.min(rows, left);
    block.add(image, collector, groups, taken);
    left -= taken;
    done += taken;
    if (block.count >= blockRows) {
      yield block.take(positionText(plan, image, done));
      // The consumer's work belongs to no slice of ours; one turn for others.
      await pacer.rest();
    } else if ((index & 15) === 0 && pacer.due()) {
      await pacer.rest();
    }
  }
  if (block.count > 0) yield block.take(positionText(plan, plan.images[index - 1] as number, done));
}

function positionText(plan: Plan, image: number, done: number): string {
  return `${plan.snapshot.images.rows.id(image)}:${done}`;
}

function parsed(from: string): { image: number; done: number } {
  const found = /^(\d{1,15}):(\d{1,15})$/.exec(from);
  if (found === null) throw new QueryError('bad_cursor', 'this position belongs to no export');
  return { image: Number(found[1]), done: Number(found[2]) };
}

function doneOf(from: string | null): number {
  return from === null ? 0 : parsed(from).done;
}

/** Position in the plan of the first image behind the one of the position. */
function startOf(plan: Plan, from: string | null): number {
  if (from === null) return 0;
  const slot = slotOfImage(plan.snapshot, parsed(from).image);
  if (slot < 0) throw new QueryError('bad_cursor', 'the image of this position is gone');
  const index = plan.images.indexOf(slot);
  return index + 1;
}

/** Rows in a sorted order, page by page. Positions are those of lists, with the number of rows before. */
export async function* blocksInOrder(
  plan: Plan,
  grain: 'finding' | 'record',
  sort: Sort,
  from: string | null,
  limit: number,
  pacer: Pacer,
): AsyncGenerator<RowBlock> {
  const groups = new RecordGroups(plan, grain, pacer);
  await groups.ready();
  const collector = new Collector(plan);
  const block = new BlockBuilder(plan);
  const [count, place] = from === null ? ['0', null] : from.split(/:(.*)/s);
  let done = Number(count);
  let after: string | null = place ?? null;
  if (!Number.isSafeInteger(done) || done < 0) throw new QueryError('bad_cursor', 'this position belongs to no export');
  // Behind the last row there is no place.
  if (after === '') return;
  while (done < limit) {
    const page = await pageOf(plan, grain, sort, { after, limit: Math.min(1_000, limit - done) }, pacer);
    for (const { image, match } of page.rows) {
      collector.collect(image);
      groups.take(collector);
      block.addOne(image, match, collector, groups);
      if (pacer.due()) await pacer.rest();
    }
    done += page.rows.length;
    if (block.count > 0) yield block.take(`${done}:${page.next ?? ''}`);
    if (page.next === null) return;
    after = page.next;
  }
}

/** Fills the arrays of a block. */
class BlockBuilder {
  count = 0;
  #findings = 0;
  #image = new Int32Array(8_192);
  #start = new Int32Array(8_193);
  #finding = new Int32Array(8_192);
  #evidence = new Int32Array(8_192);
  #rule = new Int32Array(8_192);
  #firstSeen = new Float64Array(8_192);
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** Adds the first rows of an image. */
  add(image: number, collector: Collector, groups: RecordGroups, rows: number): void {
    this.#room(rows, collector.count);
    if (groups.isFlat) {
      this.#addFlat(image, collector, rows);
      return;
    }
    for (let row = 0; row < rows; row++) {
      this.#begin(image);
      const end = groups.start[row + 1] as number;
      for (let at = groups.start[row] as number; at < end; at++)
        this.#member(image, collector, groups.at[at] as number);
    }
    this.#start[this.count] = this.#findings;
  }

  /** The row that a match stands for. */
  addOne(image: number, match: number, collector: Collector, groups: RecordGroups): void {
    this.#room(1, collector.count);
    this.#begin(image);
    if (groups.isFlat) this.#member(image, collector, collector.match.indexOf(match));
    else {
      const row = groups.rowOf(match, collector);
      const end = groups.start[row + 1] as number;
      for (let at = groups.start[row] as number; at < end; at++)
        this.#member(image, collector, groups.at[at] as number);
    }
    this.#start[this.count] = this.#findings;
  }

  #addFlat(image: number, collector: Collector, rows: number): void {
    for (let at = 0; at < rows; at++) {
      this.#begin(image);
      this.#member(image, collector, at);
    }
    this.#start[this.count] = this.#findings;
  }

  #begin(image: number): void {
    this.#image[this.count] = image;
    this.#start[this.count++] = this.#findings;
  }

  #member(image: number, collector: Collector, at: number): void {
    const { matches, contents, images, rules } = this.#plan.snapshot;
    const match = collector.match[at] as number;
    const to = this.#findings++;
    this.#finding[to] = match;
    this.#evidence[to] = collector.evidence[at] as number;
    this.#rule[to] = rules.ruleOf(image, match);
    const scanned = contents.firstScannedAt[images.content[image] as number] as number;
    const opened = matches.openedAt[match] as number;
    this.#firstSeen[to] = Math.max(scanned, opened);
  }

  #room(rows: number, findings: number): void {
    if (this.count + rows >= this.#image.length) {
      this.#image = longer(this.#image, (this.count + rows) * 2);
      this.#start = longer(this.#start, (this.count + rows) * 2 + 1);
    }
    if (this.#findings + findings < this.#finding.length) return;
    const length = (this.#findings + findings) * 2;
    this.#finding = longer(this.#finding, length);
    this.#evidence = longer(this.#evidence, length);
    this.#rule = longer(this.#rule, length);
    const firstSeen = new Float64Array(length);
    firstSeen.set(this.#firstSeen);
    this.#firstSeen = firstSeen;
  }

  /** The block as it is; the next row begins a new one in the same arrays. */
  take(position: string): RowBlock {
    const block = {
      count: this.count,
      image: this.#image,
      start: this.#start,
      finding: this.#finding,
      evidence: this.#evidence,
      rule: this.#rule,
      firstSeen: this.#firstSeen,
      position,
    };
    this.count = 0;
    this.#findings = 0;
    return block;
  }
}

function longer(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length);
  copy.set(array);
  return copy;
}
