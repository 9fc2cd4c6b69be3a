import type { Diagnostic } from '../../kernel/index.ts';
import { LayerError } from './errors.ts';
import { displayPath } from './names.ts';
import { mergeGlobal, type PaxRecords, parsePax } from './pax.ts';
import type { TarEvent, TarLimits, TarParser } from './tar-contract.ts';
import { type EntryExtras, makeEntry, withoutNuls } from './tar-entry.ts';
import { blockSize, isZeroBlock, type OwnerNames, parseHeader, readOwnerNames, type TarHeader } from './tar-header.ts';

const more: TarEvent = { kind: 'more' };
const end: TarEvent = { kind: 'end' };
/** More rejected entries than these are counted, not listed. */
const listedRejections = 1000;

type State = 'header' | 'body' | 'skip' | 'extension' | 'sparse-map' | 'ended' | 'broken';

/** Makes a parser for one archive (ustar, GNU and PAX extensions, base-256 numbers, sparse headers). */
export function createTarParser(limits: TarLimits, options: { readonly ownerNames?: boolean } = {}): TarParser {
  return new Parser(limits, options.ownerNames === true);
}

class Parser implements TarParser {
  readonly diagnostics: Diagnostic[] = [];
  readonly #limits: TarLimits;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #state: State = 'header';
  /** Bytes of a header block that was cut by the end of a chunk. */
  readonly #carry = Buffer.alloc(blockSize);
  #carried = 0;
  /** Body bytes, then padding, still to come. */
  #body = 0;
  #padding = 0;
  #zeroBlocks = 0;
  #entries = 0;
  #metadata = 0;
  #rejected = 0;
  /** An extension header whose body is being collected: its flag and pieces. */
  #flag = 0;
  #pieces: Buffer[] = [];
  #global: PaxRecords | undefined;
  #extras: EntryExtras = {};
  #trailing = false;
  readonly #ownerNames: boolean;
  #owner: OwnerNames | undefined;

  constructor(limits: TarLimits, ownerNames: boolean) {
    this.#limits = limits;
    this.#ownerNames = ownerNames;
  }

  feed(chunk: Uint8Array): void {
    this.#chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#at = 0;
  }

  skip(): void {
    if (this.#state === 'body') this.#state = 'skip';
  }

  next(): TarEvent {
    for (;;) {
      switch (this.#state) {
        case 'header': {
          const event = this.#header();
          if (event !== undefined) return event;
          break;
        }
        case 'body':
          return this.#bodyEvent();
        case 'skip':
          if (!this.#skipBody()) return more;
          this.#state = 'header';
          break;
        case 'extension':
          if (!this.#collect()) return more;
          break;
        case 'sparse-map':
          if (!this.#sparseMap()) return more;
          break;
        case 'ended':
          this.#watchTrailing();
          return more;
        case 'broken':
          return more;
      }
    }
  }

  finish(): void {
    if (this.#rejected > listedRejections) {
      this.#report('suspicious_archive', `${this.#rejected} entries were rejected; the first are listed`, true);
    }
    if (this.#state === 'ended' || this.#state === 'broken') return;
    const cut = this.#state !== 'header' || this.#carried > 0;
    const message = cut
      ? 'the archive ends in the middle of an entry'
      : 'the archive has no end marker, so it may have been cut off';
    this.#report('truncated_tar', message, cut);
  }

  #report(code: string, message: string, partial: boolean): void {
    this.diagnostics.push({ code, message, ...(partial && { partial }) });
  }

  /** The next block as (buffer, offset), put together when a chunk boundary cuts it. */
  #block(): { block: Buffer; at: number } | undefined {
    const available = this.#chunk.length - this.#at;
    if (this.#carried === 0 && available >= blockSize) {
      const at = this.#at;
      this.#at += blockSize;
      return { block: this.#chunk, at };
    }
    const take = Math.min(available, blockSize - this.#carried);
    this.#chunk.copy(this.#carry, this.#carried, this.#at, this.#at + take);
    this.#carried += take;
    this.#at += take;
    if (this.#carried < blockSize) return undefined;
    this.#carried = 0;
    return { block: this.#carry, at: 0 };
  }

  /** Reads one block in header position: an event, or undefined when the state has changed or a block is missing. */
  #header(): TarEvent | undefined {
    const found = this.#block();
    if (found === undefined) return more;
    const { block, at } = found;
    if (isZeroBlock(block, at)) {
      if (++this.#zeroBlocks === 2) this.#state = 'ended';
      return undefined;
    }
    const header = this.#zeroBlocks > 0 ? undefined : parseHeader(block, at);
    if (header === undefined) {
      this.#state = 'broken';
      this.#report('invalid_tar', 'a header of the archive is damaged; what follows it was not read', true);
      return undefined;
    }
    if (++this.#entries > this.#limits.entries) {
      throw new LayerError('too_many_entries', `more than ${this.#limits.entries} entries in one layer`);
    }
    if (this.#ownerNames) this.#owner = readOwnerNames(block, at);
    return this.#isExtension(header) ? this.#startExtension(header) : this.#startEntry(header);
  }

  #isExtension({ flag }: TarHeader): boolean {
    // L, K: GNU long name and link; x, g: PAX, for one entry and for all that follow.
    return flag === 0x4c || flag === 0x4b || flag === 0x78 || flag === 0x67;
  }

  #startExtension(header: TarHeader): undefined {
    this.#flag = header.flag;
    this.#setBody(header.size);
    this.#pieces = [];
    if (header.size > this.#limits.paxBytes) {
      if (header.flag !== 0x67) this.#extras.problem = `a header extension of ${header.size} bytes`;
      else this.#report('suspicious_archive', `a global header of ${header.size} bytes was ignored`, true);
      this.#state = 'skip';
    } else this.#state = 'extension';
  }

  #startEntry(header: TarHeader): TarEvent | undefined {
    const extras = this.#extras;
    this.#extras = {};
    const made = makeEntry(header, extras, this.#global, this.#limits);
    this.#setBody(made.bodySize);
    if (header.sparse?.extended) {
      this.#state = 'sparse-map';
    } else this.#state = made.entry === undefined || made.entry.sparse ? 'skip' : 'body';
    if (made.entry === undefined) {
      this.#reject(made.problem);
      return undefined;
    }
    this.#metadata += made.metadataBytes;
    if (this.#metadata > this.#limits.metadataBytes) {
      throw new LayerError('too_large', `names and attributes of one layer exceed ${this.#limits.metadataBytes} bytes`);
    }
    return { kind: 'entry', entry: made.entry, ...(this.#owner && { owner: this.#owner }) };
  }

  #reject(problem: { readonly code: string; readonly path: string; readonly message: string }): void {
    if (++this.#rejected > listedRejections) return;
    const path = problem.path.slice(0, 500);
    this.diagnostics.push({
      code: problem.code,
      path,
      message: `entry ${JSON.stringify(displayPath(path))} was left out: ${problem.message}`,
      partial: true,
    });
  }

  #setBody(size: number): void {
    this.#body = size;
    this.#padding = (blockSize - (size % blockSize)) % blockSize;
  }

  #bodyEvent(): TarEvent {
    if (this.#body === 0) {
      this.#state = 'skip';
      return end;
    }
    const bytes = this.#take();
    return bytes === undefined ? more : { kind: 'data', bytes };
  }

  #take(): Buffer | undefined {
    const length = Math.min(this.#body, this.#chunk.length - this.#at);
    if (length === 0) return undefined;
    const bytes = this.#chunk.subarray(this.#at, this.#at + length);
    this.#at += length;
    this.#body -= length;
    return bytes;
  }

  /** Whether body and padding are passed. */
  #skipBody(): boolean {
    const left = this.#body + this.#padding;
    const step = Math.min(left, this.#chunk.length - this.#at);
    this.#at += step;
    const ofBody = Math.min(step, this.#body);
    this.#body -= ofBody;
    this.#padding -= step - ofBody;
    return step === left;
  }

  #collect(): boolean {
    while (this.#body > 0) {
      const bytes = this.#take();
      if (bytes === undefined) return false;
      this.#pieces.push(Buffer.from(bytes));
    }
    this.#state = 'skip';
    this.#apply(this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces));
    this.#pieces = [];
    return true;
  }

  #apply(bytes: Buffer): void {
    if (this.#flag === 0x4c) this.#extras.longName = withoutNuls(bytes);
    else if (this.#flag === 0x4b) this.#extras.longLink = withoutNuls(bytes);
    else {
      const records = parsePax(bytes);
      if (this.#flag === 0x67) this.#applyGlobal(records);
      else if (records === undefined) this.#extras.problem = 'its header extension is damaged';
      else this.#extras.pax = records;
    }
  }

  /** Global records add up over the archive; together they may be no larger than those of one entry. */
  #applyGlobal(records: PaxRecords | undefined): void {
    const merged = records && mergeGlobal(this.#global, records, this.#limits.paxBytes);
    if (merged === undefined)
      this.#report('suspicious_archive', 'a damaged or too large global header was ignored', true);
    else this.#global = merged;
  }

  /** Passes the maps that follow the header of an old GNU sparse file. */
  #sparseMap(): boolean {
    const found = this.#block();
    if (found === undefined) return false;
    if (found.block[found.at + 504] !== 1) this.#state = 'skip';
    return true;
  }

  #watchTrailing(): void {
    if (this.#trailing) return;
    for (let i = this.#at; i < this.#chunk.length; i++) {
      if (this.#chunk[i] === 0) continue;
      this.#trailing = true;
      this.#report('trailing_data', 'there is data behind the end of the archive; it was not looked at', false);
      break;
    }
    this.#at = this.#chunk.length;
  }
}
