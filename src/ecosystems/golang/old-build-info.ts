import type { Executable, Segment, Window } from '../binaries/contract.ts';
import { readPointer } from '../binaries/elf.ts';
import type { Regions } from '../binaries/regions.ts';
import { unwrapModuleText } from './build-info.ts';

const maxCandidates = 4096;
/** Module information between its marks; programs of these years were smaller. */
const maxText = 1024 * 1024;

const begin = Buffer.from('3077af0c9274080241e1c107e6d618e6', 'hex');
const end = Buffer.from('f932433186182072008242104116d8f2', 'hex');

/**
 * Build information before Go 1.18: a mark, and pointers to texts that came earlier in the file. Those are noted in
 * passing: the module information by its own marks, and whatever looks like the version of a toolchain.
 */
export class OldBuildInfo {
  readonly #regions: Regions;
  readonly #segments: readonly Segment[];
  readonly #versions = new Map<number, { readonly text: string; readonly ended: boolean }>();
  #text: string | undefined;
  #mark: number | undefined;
  #chosen: string | undefined;

  constructor(regions: Regions, segments: readonly Segment[]) {
    this.#regions = regions;
    this.#segments = segments;
  }

  window({ buffer, base, from, to, end: stop }: Window): void {
    const part = buffer.subarray(0, stop);
    for (let i = part.indexOf('go1.', from, 'latin1'); i >= 0 && i < to; i = part.indexOf('go1.', i + 4, 'latin1')) {
      if (this.#versions.size >= maxCandidates) break;
      const text = toolchainAt(part, i);
      if (text !== undefined) this.#versions.set(base + i, { text, ended: part[i + text.length] === 0 });
    }
    if (this.#text !== undefined) return;
    const at = part.indexOf(begin, from);
    if (at >= 0 && at < to) this.#collect(base + at);
  }

  #collect(offset: number): void {
    let bytes = Buffer.alloc(0);
    this.#regions.stream(offset, maxText, (piece) => {
      const before = Math.max(0, bytes.length - end.length);
      bytes = Buffer.concat([bytes, piece]);
      const found = bytes.indexOf(end, before);
      if (found < 0) return true;
      const text = unwrapModuleText(bytes.subarray(0, found + end.length));
      if (text !== '') this.#text ??= text;
      return false;
    });
  }

  /** Follows the pointers behind the mark at a position; what leaves the file or leads nowhere is left alone. */
  pointers({ buffer, base }: Window, i: number, { bigEndian }: Executable): void {
    const size = buffer[i + 14];
    if (size !== 4 && size !== 8) return;
    this.#mark = base + i;
    const big = ((buffer[i + 15] as number) & 1) !== 0 || bigEndian;
    const header = this.#offsetOf(readPointer(buffer, i + 16, size, big));
    if (header === undefined) return;
    this.#regions.capture(header, 2 * size, (bytes) => {
      const text = this.#offsetOf(readPointer(bytes, 0, size, big));
      const length = readPointer(bytes, size, size, big);
      const found = text === undefined ? undefined : this.#versions.get(text)?.text;
      if (found !== undefined && length <= found.length) this.#chosen = found.slice(0, length);
    });
  }

  #offsetOf(address: number): number | undefined {
    const part = this.#segments.find(
      (segment) => address >= segment.address && address < segment.address + segment.size,
    );
    return part && part.offset + (address - part.address);
  }

  /** Undefined when there was no mark, or nothing certain behind it. */
  result(): { readonly go: string; readonly text: string; readonly offset: number } | undefined {
    if (this.#mark === undefined) return undefined;
    const ended = new Set([...this.#versions.values()].filter((version) => version.ended).map(({ text }) => text));
    const [only] = ended.size === 1 ? ended : [];
    const go = this.#chosen ?? only;
    return go === undefined ? undefined : { go, text: this.#text ?? '', offset: this.#mark };
  }
}

/** The characters of a toolchain's version at a position: `go1.17.3`, `go1.16rc1`. */
function toolchainAt(bytes: Buffer, at: number): string | undefined {
  let stop = at + 4;
  while (stop < bytes.length && stop < at + 24 && isVersionByte(bytes[stop] as number)) stop++;
  const first = bytes[at + 4];
  return first !== undefined && first >= 0x30 && first <= 0x39 ? bytes.toString('latin1', at, stop) : undefined;
}

function isVersionByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || (byte >= 0x61 && byte <= 0x7a);
}
