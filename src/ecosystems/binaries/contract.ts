/** A part of the file that is mapped into memory when the program runs. */
export interface Segment {
  /** Of its first byte in the file. */
  readonly offset: number;
  readonly size: number;
  /** Where it is mapped to. */
  readonly address: number;
  readonly writable: boolean;
}

/** A named part of the file. Known up front for PE and Mach-O only: the table of ELF is at the end of the file. */
export interface Section {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** What the head of an executable, shared library or WebAssembly module tells. Numbers are as the file claims them. */
export interface Executable {
  readonly format: 'elf' | 'pe' | 'macho' | 'fat' | 'wasm';
  /** Bytes of a pointer; 0 where it is not known (fat). */
  readonly pointerSize: 0 | 4 | 8;
  readonly bigEndian: boolean;
  /** An ELF file that can be started, as far as its header says. */
  readonly program: boolean;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  /** End of the last segment: what follows in an ELF file is for tools (debugging, auditing), not for running. */
  readonly loadedEnd: number;
  /** Offsets of the Mach-O files inside a fat one. */
  readonly slices: readonly number[];
}

/**
 * A stretch of the file in memory. Something may be found that starts in `from` … `to`; what it consists of can be read
 * up to `end`, at least `reach` bytes beyond `to` unless the file ends there.
 */
export interface Window {
  readonly buffer: Buffer;
  /** Offset in the file of the first byte of `buffer`. */
  base: number;
  from: number;
  to: number;
  end: number;
}

/** Looks for one kind of thing in one file. */
export interface Probe {
  window(window: Window): void;
}
