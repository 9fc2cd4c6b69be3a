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

const window = 1 << 20;

/** Reads a snapshot once from its beginning or from a position; facts are read again when they are asked for. */
export class SnapshotReader {
  readonly #source: ByteSource;
  /** Byte offsets of the payloads by number. */
  readonly #facts = { image: [] as number[], subject: [] as number[], place: [] as number[] };
  #chunk: Buffer = Buffer.alloc(0);
  #chunkAt = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * Frames of rows from a position on (null = all). Everything before is looked over for facts.
   * @throws ExportError `snapshot_damaged`
   */
  *blocks(from: SnapshotPosition | null): Generator<PinnedBlock> {
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
      else if (kind === frameKinds.end) {
        this.#bytes(offset + frameHead, length);
        return;
      } else if (kind !== frameKinds.rows) throw damaged('a part of it is of an unknown kind');
      else if (from === null || offset >= from.offset) {
        yield decode(offset, this.#bytes(offset + frameHead, length));
      }
      offset += frameHead + length;
    }
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
    const head = this.#source.read(offset, 4096);
    const length = head.readUInt32LE(1);
    const whole = length + frameHead <= head.length ? head : this.#source.read(offset, length + frameHead);
    return JSON.parse(whole.toString('utf8', frameHead, frameHead + length));
  }

  /** A view of bytes, through a window so that small frames need no read of their own. */
  #bytes(position: number, length: number): Buffer {
    if (position < this.#chunkAt || position + length > this.#chunkAt + this.#chunk.length) {
      this.#chunk = this.#source.read(position, Math.max(window, length));
      this.#chunkAt = position;
      if (this.#chunk.length < length) throw damaged('it ends too early');
    }
    return this.#chunk.subarray(position - this.#chunkAt, position - this.#chunkAt + length);
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
