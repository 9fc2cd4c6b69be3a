import { decodeName } from '../../image/index.ts';
import { LineSplitter } from '../line-splitter.ts';

/** What one record of an apk database says, as written; judged later. */
export interface ApkRecord {
  /** `P:` */
  readonly name: string;
  /** `V:` */
  readonly version: string;
  /** `A:`, empty when absent. */
  readonly arch: string;
  /** `o:`, the source package; empty when absent. */
  readonly origin: string;
  /** Directories with a leading slash, each followed by the names of the package's files in it; one a line. */
  readonly files: string;
}

/** What could not be read of a database. */
export interface InstalledProblems {
  /** Over the limit of bytes, records or file names: the rest was not read. */
  readonly truncated: boolean;
  /** Lines that are no field, or too long. */
  readonly malformed: number;
}

/** Limits of one apk database (scanning.md §1.8). */
export const installedLimits = {
  bytes: 512 * 1024 * 1024,
  records: 200_000,
  lineBytes: 1024 * 1024,
  /** Characters of all names of directories and files in one layer; a large system has 6 million. */
  fileNames: 32 * 1024 * 1024,
};

type Limits = typeof installedLimits;

/** Longest value that is kept; longer ones are outside every grammar anyway. */
const maxValue = 1024;
const colon = 0x3a;

/**
 * Reads `lib/apk/db/installed` chunk by chunk: one-letter fields (`P:musl`), a blank line after each record, directories
 * (`F:`) followed by their files (`R:`). Memory does not depend on the size of the file beyond what is kept.
 */
export class InstalledReader {
  readonly records: ApkRecord[] = [];
  readonly #limits: Limits;
  #fields = new Map<string, string>();
  #files: string[] = [];
  #fileNames = 0;
  #open = false;
  #malformed = 0;
  readonly #lines: LineSplitter;

  constructor(limits: Limits = installedLimits) {
    this.#limits = limits;
    this.#lines = new LineSplitter(limits, {
      line: (data, start, end) => this.#line(data, start, end),
      tooLong: () => {
        this.#malformed++;
      },
    });
  }

  /** Characters of the names that were kept. */
  get fileNames(): number {
    return this.#fileNames;
  }

  /** The next bytes of the file. */
  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  /** The file ends here. */
  finish(): InstalledProblems {
    this.#lines.end();
    if (!this.#lines.stopped) this.#close();
    return { truncated: this.#lines.stopped, malformed: this.#malformed };
  }

  #line(data: Buffer, start: number, end: number): void {
    if (start === end) {
      this.#close();
      return;
    }
    if (end - start < 2 || data[start + 1] !== colon || end - start > this.#limits.lineBytes) {
      this.#malformed++;
      return;
    }
    this.#open = true;
    const letter = String.fromCharCode(data[start] ?? 0);
    if (letter === 'F' || letter === 'R') this.#file(letter, data.subarray(start + 2, end));
    // Of two fields of one name the first counts.
    else if ('PVAo'.includes(letter) && !this.#fields.has(letter)) {
      this.#fields.set(letter, data.toString('utf8', start + 2, Math.min(end, start + 2 + maxValue)));
    }
  }

  #file(letter: 'F' | 'R', bytes: Buffer): void {
    this.#fileNames += bytes.length + 2;
    if (this.#fileNames > this.#limits.fileNames) this.#lines.stop();
    else this.#files.push(letter === 'F' ? `/${decodeName(bytes)}` : decodeName(bytes));
  }

  #close(): void {
    if (!this.#open) return;
    const field = (letter: string): string => this.#fields.get(letter) ?? '';
    // Records without a name are no packages: any file in this syntax would look like a database.
    if (this.#fields.has('P')) {
      const files = this.#files.join('\n');
      this.records.push({ name: field('P'), version: field('V'), arch: field('A'), origin: field('o'), files });
    }
    if (this.records.length >= this.#limits.records) this.#lines.stop();
    this.#fields = new Map();
    this.#files = [];
    this.#open = false;
  }
}

/** The paths that a record's `files` stand for, without leading slash; directories are left out. */
export function* filePaths(files: string): Generator<string> {
  let directory = '';
  for (const line of files.split('\n')) {
    if (line.startsWith('/')) directory = line === '/' ? '' : `${line.slice(1)}/`;
    else if (line !== '') yield directory + line;
  }
}
