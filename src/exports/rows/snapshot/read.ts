import type { ExportImage, ExportPlace, ExportSubject } from '../contract.ts';
import { ExportError } from '../errors.ts';
import type { ByteSource, SnapshotPosition } from './contract.ts';
import { frameHead, frameKinds, IntegerReader, magic, maxFrame } from './frames.ts';

/** A decoded frame of rows as parallel arrays; -1 = the row has no such fact or time. Valid until the next one. */
export interface PinnedBlock {
  readonly offset: number;
  readonly count: number;
  readonly image: readonly number[];
  readonly subject: readonly number[];
  readonly place: readonly number[];
  readonly firstSeen: readonly number[];
}

/** Reads a snapshot once from its beginning or from a position; facts are read again when they are asked for. */
export class SnapshotReader {
  readonly #source: ByteSource;
  /** Byte offsets of the payloads by number. */
  readonly #facts = { image: [] as number[], subject: [] as number[], place: [] as number[] };
  // Reused: buffers of a read each would be garbage faster than it is collected.
  #window: Buffer = Buffer.allocUnsafe(1 << 20);
  #windowAt = 0;
  #windowLength = 0;
  #factBytes: Buffer = Buffer.allocUnsafe(4096);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * Frames of rows from a position on (null = all). Everything before is looked over for facts.
   * @throws ExportError `snapshot_damaged`
   */
  *blocks(from: SnapshotPosition | null): Generator<PinnedBlock> {
    for (const { offset, length } of this.frames()) {
      if (from === null || offset >= from.offset) yield this.block(offset, length);
    }
  }

  /** Where frames of rows are; learns where facts are on the way. @throws ExportError `snapshot_damaged` */
  *frames(): Generator<{ readonly offset: number; readonly length: number }> {
    let offset = magic.length;
    if (!this.#bytes(0, magic.length).equals(magic)) throw damaged('its beginning is not that of a snapshot');
    for (;;) {
      const head = this.#bytes(offset, frameHead);
      const kind = head.readUInt8(0);
      const length = head.readUInt32LE(1);
      if (length > maxFrame) throw damaged('a part of it is too long');
      if (kind === frameKinds.image) this.#facts.image.push(offset);
      else if (kind === frameKinds.subject) this.#facts.subject.push(offset);
      else if (kind === frameKinds.place) this.#facts.place.push(offset);
      else if (kind === frameKinds.rows) yield { offset, length };
      else if (kind !== frameKinds.end) throw damaged('a part of it is of an unknown kind');
      else {
        this.#bytes(offset + frameHead, length);
        return;
      }
      offset += frameHead + length;
    }
  }

  /** Rows of one frame. */
  block(offset: number, length: number): PinnedBlock {
    return decode(offset, this.#bytes(offset + frameHead, length));
  }

  /** Image of the first row of a frame. */
  firstImage(offset: number, length: number): number {
    return new IntegerReader(this.#bytes(offset + frameHead, length)).read();
  }

  image(number: number): ExportImage {
    return this.#fact(this.#facts.image[number]) as ExportImage;
  }

  subject(number: number): ExportSubject {
    return this.#fact(this.#facts.subject[number]) as ExportSubject;
  }

  place(number: number): ExportPlace {
    return this.#fact(this.#facts.place[number]) as ExportPlace;
  }

  #fact(offset: number | undefined): unknown {
    if (offset === undefined) throw damaged('a row names facts that are not in it');
    let count = this.#source.read(this.#factBytes, offset);
    const length = count < frameHead ? maxFrame + 1 : this.#factBytes.readUInt32LE(1);
    if (length > maxFrame) throw damaged('a part of it is too long');
    if (length + frameHead > this.#factBytes.length) {
      this.#factBytes = Buffer.allocUnsafe(length + frameHead);
      count = this.#source.read(this.#factBytes, offset);
    }
    if (count < length + frameHead) throw damaged('it ends too early');
    return JSON.parse(this.#factBytes.toString('utf8', frameHead, frameHead + length));
  }

  /** A view of bytes, valid until the next one; through a window, so that small frames need no read of their own. */
  #bytes(position: number, length: number): Buffer {
    if (position < this.#windowAt || position + length > this.#windowAt + this.#windowLength) {
      if (length > this.#window.length) this.#window = Buffer.allocUnsafe(length);
      this.#windowLength = this.#source.read(this.#window, position);
      this.#windowAt = position;
      if (this.#windowLength < length) throw damaged('it ends too early');
    }
    return this.#window.subarray(position - this.#windowAt, position - this.#windowAt + length);
  }
}

function decode(offset: number, payload: Buffer): PinnedBlock {
  const integers = new IntegerReader(payload);
  const block = {
    offset,
    count: 0,
    image: [] as number[],
    subject: [] as number[],
    place: [] as number[],
    firstSeen: [] as number[],
  };
  let image = 0;
  let subject = 0;
  let place = 0;
  let seen = 0;
  while (!integers.done) {
    image += integers.read();
    subject += integers.read();
    place += integers.read();
    seen += integers.read();
    block.image.push(image);
    block.subject.push(subject);
    block.place.push(place);
    block.firstSeen.push(seen);
    block.count++;
  }
  return block;
}

function damaged(why: string): ExportError {
  return new ExportError('snapshot_damaged', `The rows stored for this export are damaged: ${why}`, {
    hint: 'Order the export again.',
  });
}
