import { constants, inflateSync } from 'node:zlib';
import type { Executable, Probe, Section, Window } from '../binaries/contract.ts';
import type { Regions } from '../binaries/regions.ts';
import { reach } from '../binaries/windows.ts';
import { type AuditData, maxCompressed, parseAuditData } from './audit-data.ts';

/** Places of one file that are tried. */
const maxTrials = 20_000;
const maxLists = 16;
const sectionName = '.dep-v0';
const beginning = Buffer.from('{"packages"');

/**
 * Finds the list of crates that `cargo auditable` embeds: a section of PE and Mach-O, a custom section of WebAssembly,
 * and in ELF a section that is not loaded. The table of ELF sections comes last, when the list has gone by, so there the
 * list is known by its beginning: compressed text, in what follows the loaded segments.
 */
export class CrateProbe implements Probe {
  readonly #executable: Executable;
  readonly #regions: Regions;
  readonly #search: boolean;
  readonly #lists: AuditData[] = [];
  #trials = 0;
  #damaged = false;

  /** @param passed whether another compiler made the file. */
  constructor(executable: Executable, regions: Regions, passed: boolean) {
    this.#executable = executable;
    this.#search = executable.format === 'elf' && !passed;
    this.#regions = regions;
    this.sections(executable.sections);
  }

  /** Sections of the file, or of a part of a fat file. */
  sections(sections: readonly Section[]): void {
    for (const { name, offset, size } of sections) {
      if (name === sectionName) this.#capture(offset, Math.min(size, maxCompressed));
    }
  }

  window(window: Window): void {
    const { format, loadedEnd } = this.#executable;
    if (format === 'wasm') this.#customSections(window);
    if (!this.#search || window.base + window.to <= loadedEnd) return;
    const { buffer, base, to, end } = window;
    const first = Math.max(window.from, loadedEnd - base);
    for (let i = buffer.indexOf(0x78, first); i >= 0 && i < to; i = buffer.indexOf(0x78, i + 1)) {
      if (!isZlibHeader(buffer[i + 1] as number, buffer[i + 2] as number) || i + 16 > end) continue;
      if (this.#lists.length >= maxLists) return;
      if (++this.#trials > maxTrials) {
        this.#damaged = true;
        return;
      }
      if (beginsList(buffer.subarray(i, Math.min(i + reach, end)))) this.#capture(base + i, maxCompressed);
    }
  }

  /** A custom section: 0, its size, the length of its name, its name, its content. */
  #customSections({ buffer, base, from, to, end }: Window): void {
    const part = buffer.subarray(0, end);
    for (
      let i = part.indexOf(sectionName, from, 'latin1');
      i >= 0 && i < to;
      i = part.indexOf(sectionName, i + 7, 'latin1')
    ) {
      if (i < 3 || part[i - 1] !== sectionName.length) continue;
      this.#capture(base + i + sectionName.length, maxCompressed);
    }
  }

  #capture(offset: number, length: number): void {
    const take = (bytes: Buffer): void => {
      const data = parseAuditData(bytes);
      if (data !== undefined) this.#lists.push(data);
      else this.#damaged = true;
    };
    // Where the end is not known, more than the list is taken, or all up to the end of the file.
    if (!this.#regions.capture(offset, length, take, true)) this.#damaged = true;
  }

  /** The lists of the file; undefined without any. */
  facts(): { readonly lists: readonly AuditData[]; readonly damaged: boolean } | undefined {
    if (this.#lists.length === 0 && !this.#damaged) return undefined;
    return { lists: this.#lists, damaged: this.#damaged };
  }
}

/** Second byte of a header whose first is 0x78, and a first block that is compressed. */
function isZlibHeader(flags: number, block: number): boolean {
  if (flags !== 0x01 && flags !== 0x5e && flags !== 0x9c && flags !== 0xda) return false;
  const type = (block >> 1) & 3;
  return type === 1 || type === 2;
}

function beginsList(bytes: Buffer): boolean {
  try {
    const text = inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1024 * 1024 });
    return text.subarray(0, beginning.length).equals(beginning);
  } catch {
    return false;
  }
}
