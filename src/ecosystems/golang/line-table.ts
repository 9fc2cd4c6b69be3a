import type { Executable, Window } from '../binaries/contract.ts';
import { readPointer } from '../binaries/elf.ts';
import type { Regions } from '../binaries/regions.ts';

/** Import paths of one program, and the characters of all of them; beyond it is not known what is linked. */
export const maxPackages = 20_000;
const maxText = 1024 * 1024;
/** Names of all functions of one program. */
export const maxNameBytes = 256 * 1024 * 1024;
/** The part of a name that is looked at: the package comes first. */
const maxName = 1024;
const maxTables = 4;

/** Last byte of the marks of the tables of Go 1.16, 1.18 and 1.20: in these the names of functions follow each other. */
const marks = [0xfa, 0xf0, 0xf1];

/**
 * Collects the import paths of the packages whose functions are linked, from the table by which Go programs name the
 * functions of a stack trace. It is there in stripped programs as well.
 */
export class LineTable {
  readonly #regions: Regions;
  readonly #executable: Executable;
  readonly #packages = new Set<string>();
  #text = 0;
  #tables = 0;
  #complete = 0;
  #overflow = false;

  constructor(executable: Executable, regions: Regions) {
    this.#executable = executable;
    this.#regions = regions;
  }

  /** Import paths, sorted; undefined when they are not known for sure. */
  get packages(): readonly string[] | undefined {
    // Every program has these two; names that were made unreadable have not.
    const sane = this.#packages.has('runtime') && this.#packages.has('main');
    const complete = this.#tables > 0 && this.#complete === this.#tables && !this.#overflow;
    return sane && complete ? [...this.#packages].sort() : undefined;
  }

  /** Looks whether a table begins at a position whose byte may be the one of a mark. */
  at({ buffer, base, end }: Window, i: number): void {
    const big = buffer[i] === 0xff;
    const mark = buffer[i + (big ? 3 : 0)] as number;
    if (!marks.includes(mark) || buffer[i + 1] !== 0xff || buffer[i + 2] !== 0xff) return;
    if (buffer[i + (big ? 0 : 3)] !== 0xff || buffer[i + 4] !== 0 || buffer[i + 5] !== 0) return;
    const quantum = buffer[i + 6];
    const size = buffer[i + 7];
    if ((quantum !== 1 && quantum !== 2 && quantum !== 4) || (size !== 4 && size !== 8)) return;
    if (this.#executable.pointerSize !== 0 && size !== this.#executable.pointerSize) return;
    if (i + 8 + 8 * size > end) return;
    const word = (index: number): number => readPointer(buffer, i + 8 + index * size, size, big);
    // Go 1.18 put the address of the code between the counts and the offsets.
    const offsets = mark === 0xfa ? 2 : 3;
    const [names, units, files, counters, functions] = [0, 1, 2, 3, 4].map((index) => word(offsets + index)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const ordered = names < units && units <= files && files <= counters && counters <= functions;
    if (!ordered || names < 8 + 7 * size || names > 4096 || units - names > maxNameBytes) return;
    this.#read(base + i + names, units - names);
  }

  #read(offset: number, length: number): void {
    if (this.#tables >= maxTables) return;
    this.#tables++;
    const names = new Names((name) => this.#add(name));
    let seen = 0;
    const sink = (bytes: Buffer): boolean => {
      names.push(bytes);
      seen += bytes.length;
      return !this.#overflow;
    };
    this.#regions.stream(offset, length, sink, () => {
      if (seen === length) this.#complete++;
    });
  }

  #add(name: string): void {
    const path = importPathOf(name);
    if (path === undefined || this.#packages.has(path)) return;
    this.#text += path.length;
    if (this.#packages.size >= maxPackages || this.#text > maxText) this.#overflow = true;
    else this.#packages.add(path);
  }
}

/** Cuts a table of names that end with NUL, over the borders of its pieces. */
class Names {
  readonly #take: (name: string) => void;
  #rest = '';

  constructor(take: (name: string) => void) {
    this.#take = take;
  }

  push(bytes: Buffer): void {
    let at = 0;
    for (;;) {
      const end = bytes.indexOf(0, at);
      const stop = end < 0 ? bytes.length : end;
      const piece = bytes.toString('latin1', at, Math.min(stop, at + maxName));
      const name = this.#rest === '' ? piece : (this.#rest + piece).slice(0, maxName);
      if (end < 0) {
        this.#rest = name;
        return;
      }
      this.#rest = '';
      if (name !== '') this.#take(name);
      at = end + 1;
    }
  }
}

/**
 * The import path in the name of a function: `golang.org/x/net/http2` of `golang.org/x/net/http2.(*Framer).ReadFrame`.
 * Undefined for what the compiler made up.
 */
export function importPathOf(name: string): string | undefined {
  const bracket = name.indexOf('[');
  const plain = bracket < 0 ? name : name.slice(0, bracket);
  const dot = plain.indexOf('.', plain.lastIndexOf('/') + 1);
  if (dot <= 0) return undefined;
  const path = plain.slice(0, dot);
  if (
    path.startsWith('type..') ||
    path.startsWith('go..') ||
    path.includes(':') ||
    path.includes(' ') ||
    path.includes('(')
  )
    return undefined;
  return path.includes('%') ? unescapePath(path) : path;
}

/** Linkers write a dot in the last element of a path as `%2e`, because a dot ends it. */
function unescapePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
