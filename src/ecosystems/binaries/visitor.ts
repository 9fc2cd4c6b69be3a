import type { ContentSink, FileEntry, Interest, LayerVisitor } from '../../image/index.ts';
import { CrateProbe } from '../cargo/probe.ts';
import type { Analysis } from '../contract.ts';
import { VersionProbe } from '../generic/probe.ts';
import { isVersionFile, maxTextFile, readVersionFile } from '../generic/text-files.ts';
import { GoProbe } from '../golang/probe.ts';
import type { Executable, Probe } from './contract.ts';
import type { BinaryFacts, BinaryFile } from './facts.ts';
import { hasMagic, magicBytes, readExecutable } from './format.ts';
import { readMachO } from './macho.ts';
import type { Regions } from './regions.ts';
import { Windows, windowBuffer } from './windows.ts';

/** Files of one layer with anything to tell. */
export const maxFiles = 100_000;
/** Characters of all texts of one layer: names of modules, packages, crates. */
export const maxFactText = 64 * 1024 * 1024;
/** Headers of one part of a fat file. */
const sliceHead = 32 * 1024;
/** Smaller files are no executables that could tell anything. */
const minSize = 128;

/** Reads every executable of a layer once, for all catalogers that look into executables. */
export const binaries: Analysis<BinaryFacts> = { id: 'binaries', version: 1, visitor: binaryVisitor };

/** Reads the executables of one layer, with memory that does not depend on their size. */
export function binaryVisitor(): LayerVisitor<BinaryFacts> {
  const files = new Map<string, BinaryFile>();
  let room = maxFactText;
  let dropped = 0;
  let buffer: Buffer | undefined;
  const keep = (file: BinaryFile): void => {
    const size = textOf(file);
    if (files.size >= maxFiles || size > room) dropped++;
    else {
      room -= size;
      files.set(file.path, file);
    }
  };
  return {
    id: 'binaries',
    version: 1,
    wants: interestIn,
    file() {},
    sink(entry) {
      // Of two entries of one name, the last is what an unpacker leaves.
      files.delete(entry.path);
      buffer ??= windowBuffer();
      return isVersionFile(entry.path) ? new TextSink(entry, keep) : new BinarySink(entry, buffer, keep);
    },
    finish: () => ({ files: [...files.values()], dropped }),
  };
}

/** Cheap: everything that may be executed, and libraries by their names; the first bytes decide. */
function interestIn({ type, size, mode, path }: FileEntry): Interest {
  if (type !== 'file') return 'skip';
  if (isVersionFile(path)) return size <= maxTextFile ? 'sink' : 'skip';
  return size >= minSize && ((mode & 0o111) !== 0 || isLibraryName(path)) ? 'sink' : 'skip';
}

function isLibraryName(path: string): boolean {
  return (
    path.includes('.so.', path.lastIndexOf('/') + 1) ||
    path.endsWith('.so') ||
    path.endsWith('.dll') ||
    path.endsWith('.exe') ||
    path.endsWith('.node') ||
    path.endsWith('.wasm') ||
    path.endsWith('.pyd') ||
    path.endsWith('.dylib')
  );
}

class TextSink implements ContentSink {
  readonly #entry: FileEntry;
  readonly #keep: (file: BinaryFile) => void;
  readonly #pieces: Buffer[] = [];

  constructor(entry: FileEntry, keep: (file: BinaryFile) => void) {
    this.#entry = entry;
    this.#keep = keep;
  }

  chunk(bytes: Uint8Array): boolean {
    this.#pieces.push(Buffer.from(bytes));
    return true;
  }

  end(): void {
    const { path } = this.#entry;
    const hit = readVersionFile(path, Buffer.concat(this.#pieces).toString('utf8'));
    if (hit !== undefined) this.#keep({ path, hits: [hit] });
  }
}

class BinarySink implements ContentSink {
  readonly #entry: FileEntry;
  readonly #windows: Windows;
  readonly #keep: (file: BinaryFile) => void;
  #state: 'new' | 'reading' | 'refused' = 'new';
  #executable: Executable | undefined;
  #packed = false;
  #go: GoProbe | undefined;
  #crates: CrateProbe | undefined;
  #versions: VersionProbe | undefined;

  constructor(entry: FileEntry, buffer: Buffer, keep: (file: BinaryFile) => void) {
    this.#entry = entry;
    this.#keep = keep;
    this.#windows = new Windows(buffer, (head, regions) => this.#choose(head, regions));
  }

  chunk(bytes: Uint8Array): boolean {
    if (this.#state === 'new') {
      // Most files are refused here, before anything of them is copied.
      const known = this.#windows.head(magicBytes);
      const first = known.length > 0 ? Buffer.concat([known, bytes.subarray(0, magicBytes)]) : bytes;
      if (first.length >= magicBytes) this.#state = hasMagic(first) ? 'reading' : 'refused';
    }
    if (this.#state === 'refused') return false;
    if (this.#windows.chunk(bytes)) return true;
    this.#state = 'refused';
    return false;
  }

  #choose(head: Buffer, regions: Regions): Probe[] {
    const executable = readExecutable(head);
    this.#executable = executable;
    if (executable === undefined) return [];
    this.#packed = head.subarray(0, 4096).includes('UPX!', 0, 'latin1');
    const go = new GoProbe(executable, head.subarray(0, 64 * 1024), regions);
    const crates = new CrateProbe(executable, regions, go.isGo);
    this.#go = go;
    this.#crates = crates;
    this.#versions = VersionProbe.of(this.#entry.path);
    for (const offset of executable.slices) {
      regions.capture(
        offset,
        sliceHead,
        (bytes) => {
          const part = readMachO(bytes, offset);
          go.segments.push(...(part?.segments ?? []));
          crates.sections(part?.sections ?? []);
        },
        true,
      );
    }
    if (executable.format === 'wasm') return [crates];
    return this.#versions === undefined ? [go, crates] : [go, crates, this.#versions];
  }

  end(): void {
    if (this.#state !== 'reading') return;
    this.#windows.end();
    const { path, mode } = this.#entry;
    const executable = this.#executable;
    if (executable === undefined) return;
    const program = executable.program && (mode & 0o111) !== 0 && !isLibraryName(path);
    const go = this.#go?.facts();
    const rust = this.#crates?.facts();
    const hits = this.#versions?.hits() ?? [];
    if (!program && go === undefined && rust === undefined && hits.length === 0) return;
    this.#keep({
      path,
      ...(program && { program }),
      ...(this.#packed && { packed: true }),
      ...(go && { go }),
      ...(rust && { rust }),
      ...(hits.length > 0 && { hits }),
    });
  }
}

/** Roughly the size of the facts about one file. */
function textOf({ path, go, rust }: BinaryFile): number {
  let size = path.length + 100;
  for (const path of go?.linked ?? []) size += path.length + 3;
  for (const { modules, local } of go?.builds ?? []) {
    for (const { path, version, replaces = '' } of [...modules, ...local]) {
      size += path.length + version.length + replaces.length + 30;
    }
  }
  for (const { crates } of rust?.lists ?? [])
    for (const { name, version } of crates) size += name.length + version.length + 40;
  return size;
}
