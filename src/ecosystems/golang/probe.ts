import type { Executable, Probe, Segment, Window } from '../binaries/contract.ts';
import type { Regions } from '../binaries/regions.ts';
import { type GoBuild, parseBuildInfo, unwrapModuleText } from './build-info.ts';
import { LineTable } from './line-table.ts';
import { OldBuildInfo } from './old-build-info.ts';

/** What one executable says about how Go built it. */
export interface GoFacts {
  /** One for each program inside of the file: fat files hold several. */
  readonly builds: readonly GoBuild[];
  /** Import paths of linked packages, sorted; absent when not known. */
  readonly linked?: readonly string[];
  /** Built by Go, but nothing tells of what. */
  readonly unknown?: true;
}

/** Module information of one program. */
export const maxModuleText = 8 * 1024 * 1024;
const maxBuilds = 16;

/** `\xff Go buildinf:`, which the linker aligns to 16 bytes. */
const mark = Buffer.from('ff20476f206275696c64696e663a', 'hex');

/** Looks for the build information and the line table of Go programs, in one pass over the file. */
export class GoProbe implements Probe {
  readonly #regions: Regions;
  readonly #executable: Executable;
  /** Whether the first bytes say so; linkers can be told not to. */
  readonly isGo: boolean;
  readonly #table: LineTable | undefined;
  readonly #old: OldBuildInfo | undefined;
  readonly #builds: { readonly build: GoBuild; readonly offset: number }[] = [];
  #marks = 0;
  /** Segments of the parts of a fat file become known on the way. */
  readonly segments: Segment[];

  constructor(executable: Executable, head: Buffer, regions: Regions) {
    this.#executable = executable;
    this.#regions = regions;
    this.segments = [...executable.segments];
    this.isGo = namesGoBuild(head);
    if (this.isGo || executable.format === 'fat') {
      this.#table = new LineTable(executable, regions);
      this.#old = new OldBuildInfo(regions, this.segments);
    }
  }

  window(window: Window): void {
    const { buffer, base, from, to } = window;
    this.#old?.window(window);
    // The mark of the information is aligned to 16 bytes, the one of the table as its linker liked.
    const step = this.#table === undefined ? 16 : 4;
    for (let i = from + ((step - ((base + from) % step)) % step); i < to; i += step) {
      const byte = buffer[i] as number;
      if (byte < 0xf0) continue;
      if (byte === 0xff && buffer[i + 1] === 0x20) this.#mark(window, i);
      else this.#table?.at(window, i);
    }
  }

  #mark(window: Window, i: number): void {
    const { buffer, base, end } = window;
    if (i + 32 > end || this.#marks >= maxBuilds || buffer.compare(mark, 0, mark.length, i, i + mark.length) !== 0)
      return;
    this.#marks++;
    const flags = buffer[i + 15] as number;
    if ((flags & 2) === 0) {
      this.#old?.pointers(window, i, this.#executable);
      return;
    }
    const version = readString(buffer, i + 32, end);
    if (version === undefined || version.next > end) return;
    const go = buffer.toString('utf8', version.start, version.next);
    if (!isToolchain(go)) return;
    const text = readString(buffer, version.next, end);
    if (text === undefined || text.next - text.start > maxModuleText) return;
    const take = (bytes: Buffer): void => this.#add(go, unwrapModuleText(bytes), base + i);
    this.#regions.capture(base + text.start, text.next - text.start, take);
  }

  #add(go: string, text: string, offset: number): void {
    this.#builds.push({ build: parseBuildInfo(go, text), offset });
  }

  /** Undefined for files that Go did not build. */
  facts(): GoFacts | undefined {
    const old = this.#builds.length === 0 ? this.#old?.result() : undefined;
    if (old !== undefined) this.#builds.push({ build: parseBuildInfo(old.go, old.text), offset: old.offset });
    if (this.#builds.length === 0) return this.isGo ? { builds: [], unknown: true } : undefined;
    const linked = this.#table?.packages;
    return { builds: this.#own(), ...(linked !== undefined && { linked }) };
  }

  /** The program's own information is in data that may be written; programs embedded in it are constants. */
  #own(): GoBuild[] {
    const own = this.#builds.filter(({ offset }) => this.segments.some((part) => part.writable && isIn(part, offset)));
    return (own.length > 0 ? own : this.#builds).map(({ build }) => build);
  }
}

function isIn({ offset, size }: Segment, at: number): boolean {
  return at >= offset && at < offset + size;
}

/** A length as a varint and the text behind it. */
function readString(bytes: Buffer, at: number, end: number): { start: number; next: number } | undefined {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    if (at + i >= end) return undefined;
    const byte = bytes[at + i] as number;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { start: at + i + 1, next: at + i + 1 + length };
  }
  return undefined;
}

function isToolchain(text: string): boolean {
  return text.length <= 256 && (text.startsWith('go1') || text.startsWith('go2') || text.startsWith('devel '));
}

const noteName = Buffer.from('04000000476f0000', 'hex');
const noteNameBig = Buffer.from('00000004476f0000', 'hex');

/** Whether the first bytes name a build of Go: as a note of ELF, or in front of the code. */
function namesGoBuild(head: Buffer): boolean {
  return head.includes('\xff Go build ID: "', 0, 'latin1') || head.includes(noteName) || head.includes(noteNameBig);
}
