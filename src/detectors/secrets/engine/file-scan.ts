import type { ContentSink, FileEntry } from '../../../image/index.ts';
import type { ContentRule, FileRule, Found } from '../contract.ts';
import type { Incomplete, SecretFact } from '../facts.ts';
import { type ContentKind, keepPrintable, kindBytes, kindOf, narrow } from './content-kind.ts';
import { FileFindings } from './file-findings.ts';
import { type CompiledRules, WindowScan } from './window-scan.ts';

/** Bytes of a file that are held at a time; rules for whole files see no more of one. */
export const blockBytes = 1024 * 1024;
/** A larger file is read at its start and at its end only, so many bytes each (risks.md §4.1). */
const endBytes = 32 * 1024 * 1024;
/** Processor time for one file in milliseconds (risks.md §4.3). */
const fileTime = 5_000;
/** Furthest that windows reach, behind a keyword and before it. */
const lookAhead = 72 * 1024;
const lookBehind = 4 * 1024;

/** What scans of files share. One file at a time: the block is used by each in turn. */
export interface ScanContext {
  readonly compiled: CompiledRules;
  readonly key: Uint8Array;
  /** Rules for files of this name, or with these first bytes. */
  fileRules(path: string, head: Buffer): readonly FileRule[];
  /** A buffer of `blockBytes`, made when it is first needed. */
  block(): Buffer;
  /** Milliseconds of a clock that only runs forward. */
  now(): number;
  done(path: string, facts: readonly SecretFact[], incomplete: Incomplete | undefined): void;
}

type FoundBy = Pick<ContentRule, 'key' | 'level' | 'generic'>;

const newline = 0x0a;
const none = -1;

/** Looks through one file while it streams by; what is found does not depend on the pieces in which it comes. */
export class FileScan implements ContentSink {
  readonly #entry: FileEntry;
  readonly #context: ScanContext;
  readonly #findings: FileFindings;
  #kind: ContentKind | undefined;
  #fileRules: readonly FileRule[] = [];
  #windows: WindowScan | undefined;
  /** The held part of the content: its bytes, the offset of the first, and where keywords were not yet looked for. */
  #block: Buffer = Buffer.alloc(0);
  #held = 0;
  #base = 0;
  #scanned = 0;
  /** First byte of a UTF-16 unit whose second has not come. */
  #odd = none;
  /** Lines before the block; null when a part was left out, or there are no lines. */
  #lines: number | null = 0;
  /** Bytes of the file that came, also those that are not read. */
  #seen = 0;
  #spent = 0;
  #started = 0;
  #finished = false;
  #incomplete: Incomplete | undefined;

  constructor(entry: FileEntry, context: ScanContext) {
    this.#entry = entry;
    this.#context = context;
    this.#findings = new FileFindings(context.key);
  }

  chunk(bytes: Uint8Array): boolean {
    this.#started = this.#context.now();
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = this.#seen;
    this.#seen += raw.length;
    if (at === 0 && raw.length === this.#entry.size && raw.length <= blockBytes) this.#whole(raw);
    else if (this.#entry.size <= 2 * endBytes) this.#append(raw);
    else this.#appendEnds(raw, at);
    this.#spent += this.#context.now() - this.#started;
    return !this.#finished;
  }

  end(): void {
    this.#started = this.#context.now();
    if (this.#kind === undefined) this.#decide();
    if (!this.#finished) this.#look(true);
    const { path } = this.#entry;
    this.#context.done(path, this.#findings.facts(path), this.#incomplete);
  }

  /** A file in one piece is looked at where it lies, unless its bytes have to be changed for it. */
  #whole(raw: Buffer): void {
    const kind = kindOf(this.#entry.path, raw);
    if (kind !== 'text' && kind !== 'binary') {
      this.#append(raw);
      return;
    }
    this.#block = raw;
    this.#held = raw.length;
    this.#decide();
    if (!this.#finished) this.#look(true);
    this.#finished = true;
    this.#block = Buffer.alloc(0);
  }

  /** Of a large file the start and the end; in between nothing is kept. */
  #appendEnds(raw: Buffer, at: number): void {
    const tail = (this.#entry.size - endBytes) & ~1;
    if (at < endBytes) this.#append(raw.subarray(0, endBytes - at));
    if (at < endBytes && this.#seen >= endBytes && !this.#finished) {
      this.#look(true);
      this.#incomplete ??= 'size';
      this.#held = 0;
      this.#scanned = 0;
      this.#base = this.#isWide ? tail / 2 - 1 : tail;
      this.#lines = null;
    }
    if (this.#seen > tail) this.#append(raw.subarray(Math.max(0, tail - at)));
  }

  get #isWide(): boolean {
    return this.#kind === 'utf-16le' || this.#kind === 'utf-16be';
  }

  #append(raw: Buffer): void {
    if (this.#block.length === 0) this.#block = this.#context.block();
    let at = 0;
    while (at < raw.length && !this.#finished) {
      const room = (this.#kind === undefined ? kindBytes : blockBytes) - this.#held;
      at += this.#isWide ? this.#copyWide(raw.subarray(at), room) : this.#copy(raw.subarray(at), room);
      if (this.#held < (this.#kind === undefined ? kindBytes : blockBytes)) continue;
      if (this.#kind === undefined) this.#decide();
      else this.#look(false);
    }
  }

  #copy(raw: Buffer, room: number): number {
    const copied = raw.copy(this.#block, this.#held, 0, room);
    this.#held += copied;
    return copied;
  }

  #copyWide(raw: Buffer, room: number): number {
    let left = room;
    let at = 0;
    while (at < raw.length && left > 0) {
      const byte = raw[at++] as number;
      if (this.#odd === none) {
        this.#odd = byte;
        continue;
      }
      this.#block[this.#held++] = narrow(this.#odd, byte, this.#kind === 'utf-16be');
      this.#odd = none;
      left--;
    }
    return at;
  }

  #decide(): void {
    const { path } = this.#entry;
    const head = this.#block.subarray(0, this.#held);
    this.#kind = kindOf(path, head);
    const isText = this.#kind !== 'binary';
    this.#fileRules = this.#context.fileRules(path, head).filter(({ content }) => isText || content === 'bytes');
    if (isText) {
      const report = (rule: FoundBy, found: Found, start: number): void => this.#add(rule, found, start);
      this.#windows = new WindowScan(this.#context.compiled, { path }, report, () => this.#mustStop());
    } else if (this.#fileRules.length === 0) this.#finished = true;
    if (this.#kind === 'compiled') this.#lines = null;
    if (!this.#isWide) return;
    // The mark of the byte order is no content.
    const wide = Buffer.from(head.subarray(2));
    this.#held = 0;
    this.#copyWide(wide, wide.length);
  }

  /** Looks through the block, and keeps of it what windows of later keywords may reach. */
  #look(last: boolean): void {
    if (this.#kind === 'compiled') keepPrintable(this.#block, this.#held);
    if (this.#base === 0 && this.#scanned === 0) this.#readWhole(last);
    const to = last ? this.#held : this.#held - lookAhead;
    const inTime = this.#windows?.scan(this.#block, this.#scanned, to, this.#held, this.#base) ?? false;
    // Rules for whole files have seen what they see of a binary file; who ran out of time stops.
    if (!inTime || last) {
      this.#finished ||= !inTime;
      return;
    }
    const drop = to - lookBehind;
    if (this.#lines !== null) this.#lines += countLines(this.#block, drop);
    this.#block.copyWithin(0, drop, this.#held);
    this.#held -= drop;
    this.#base += drop;
    this.#scanned = lookBehind;
  }

  #readWhole(complete: boolean): void {
    if (this.#fileRules.length === 0) return;
    const { path, size } = this.#entry;
    const bytes = this.#block.subarray(0, this.#held);
    const text = this.#kind === 'binary' ? '' : bytes.toString('latin1');
    for (const rule of this.#fileRules) {
      for (const found of rule.read({ path, bytes, text, size, complete })) this.#add(rule, found, found.start);
      if (this.#mustStop()) break;
    }
  }

  /** @param start in the block. */
  #add(rule: FoundBy, found: Found, start: number): void {
    const end = start + found.end - found.start;
    const [scale, skipped] = this.#isWide ? [2, 2] : [1, 0];
    const line =
      this.#lines === null || this.#kind === 'binary' ? null : this.#lines + 1 + countLines(this.#block, start);
    this.#findings.add(rule, found, this.#block.subarray(start, end), {
      offset: (this.#base + start) * scale + skipped,
      length: (end - start) * scale,
      line,
    });
  }

  #mustStop(): boolean {
    if (this.#findings.full) this.#incomplete = 'values';
    else if (this.#spent + this.#context.now() - this.#started > fileTime) this.#incomplete = 'time';
    else return false;
    return true;
  }
}

function countLines(bytes: Buffer, to: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at >= 0 && at < to; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}
