import { ExportError } from '../errors.ts';
import type { ByteSink, FactKey, RowFeed, RowKeys } from './contract.ts';
import { frameKinds, IntegerWriter, magic } from './frames.ts';

/** Keys remembered per kind of fact; beyond it a fact may be stored twice, which costs space and nothing else. */
const maxKnown = 1_000_000;
const rowsPerFrame = 4096;
const flushBytes = 256 << 10;

type Scope = 'image' | 'subject' | 'place';

/**
 * Pins rows with all facts that their export needs, so that producing it later depends on nothing that may have changed
 * (adr/0008). Stops after `limit` rows.
 * @returns rows written
 * @throws ExportError `rows_changed` when the feed ends before `expected` rows or goes on after them
 */
export async function writeSnapshot(
  feed: RowFeed,
  out: ByteSink,
  options: { readonly expected: number; readonly signal: AbortSignal },
): Promise<number> {
  const writer = new SnapshotWriter(feed, out);
  await writer.begin();
  if (options.expected > 0) {
    for await (const batch of feed.batches(options.signal)) {
      options.signal.throwIfAborted();
      await writer.add(batch.slice(0, options.expected - writer.rows));
      if (writer.rows >= options.expected) break;
    }
  }
  if (writer.rows !== options.expected) {
    throw new ExportError('rows_changed', `${writer.rows} rows were found where ${options.expected} were counted`, {
      retryable: true,
      hint: 'Order the export again.',
    });
  }
  await writer.end();
  return writer.rows;
}

class SnapshotWriter {
  rows = 0;
  readonly #feed: RowFeed;
  readonly #out: ByteSink;
  readonly #known: Readonly<Record<Scope, Map<NonNullable<FactKey>, number>>> = {
    image: new Map(),
    subject: new Map(),
    place: new Map(),
  };
  readonly #next: Record<Scope, number> = { image: 0, subject: 0, place: 0 };
  readonly #integers = new IntegerWriter();
  #pending: Buffer[] = [];
  #bytes = 0;

  constructor(feed: RowFeed, out: ByteSink) {
    this.#feed = feed;
    this.#out = out;
  }

  async begin(): Promise<void> {
    await this.#out.write(magic);
  }

  async add(batch: readonly RowKeys[]): Promise<void> {
    for (let start = 0; start < batch.length; ) {
      const end = this.#frameEnd(batch, start);
      this.#rows(batch.slice(start, end));
      start = end;
      if (this.#bytes >= flushBytes) await this.#flush();
    }
  }

  async end(): Promise<void> {
    this.#frame(frameKinds.end, Buffer.from(JSON.stringify({ rows: this.rows })));
    await this.#flush();
  }

  /** Frames hold rows of one image where rows come that way. */
  #frameEnd(batch: readonly RowKeys[], start: number): number {
    const most = Math.min(batch.length, start + rowsPerFrame);
    if (!this.#feed.imagesTogether) return most;
    let end = start + 1;
    while (end < most && batch[end]?.image === batch[start]?.image) end++;
    return end;
  }

  #rows(batch: readonly RowKeys[]): void {
    let image = 0;
    let subject = 0;
    let place = 0;
    let seen = 0;
    for (const row of batch) {
      const own = [
        this.#number('image', row.image),
        this.#number('subject', row.subject),
        this.#number('place', row.place),
      ];
      const [nextImage = -1, nextSubject = -1, nextPlace = -1] = own;
      const nextSeen = row.firstSeen ?? -1;
      this.#integers.write(nextImage - image);
      this.#integers.write(nextSubject - subject);
      this.#integers.write(nextPlace - place);
      this.#integers.write(nextSeen - seen);
      image = nextImage;
      subject = nextSubject;
      place = nextPlace;
      seen = nextSeen;
    }
    this.rows += batch.length;
    this.#frame(frameKinds.rows, this.#integers.take());
  }

  /** Number of a fact in the snapshot; written in front of the rows that use it when it is new. */
  #number(scope: Scope, key: FactKey): number {
    if (key === null) return -1;
    const known = this.#known[scope];
    const number = known.get(key);
    if (number !== undefined) return number;
    if (known.size >= maxKnown) known.clear();
    const next = this.#next[scope]++;
    known.set(key, next);
    this.#frame(frameKinds[scope], Buffer.from(JSON.stringify(this.#feed[scope](key))));
    return next;
  }

  #frame(kind: number, payload: Buffer): void {
    const head = Buffer.alloc(5);
    head.writeUInt8(kind, 0);
    head.writeUInt32LE(payload.length, 1);
    this.#pending.push(head, payload);
    this.#bytes += 5 + payload.length;
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#bytes = 0;
    await this.#out.write(bytes);
  }
}
