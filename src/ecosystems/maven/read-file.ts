import { setImmediate } from 'node:timers/promises';
import { ArchiveBudget } from '../archives/budget.ts';
import { ArchiveError } from '../archives/errors.ts';
import { openZip, type ZipArchive, type ZipMember } from '../archives/zip.ts';
import { readArchive } from './archive.ts';
import type { ArchiveFacts, ArchiveFile, ArchiveProblem } from './facts.ts';
import { isSurelyJava } from './suffixes.ts';

/** Unpacked bytes of nested archives that are in memory at one time; each lives until the archives in it are read. */
export const maxHeldBytes = 256 * 1024 ** 2;
/** Problems of one file that are told. */
export const maxProblems = 20;
/** Archives in one file. */
export const maxArchives = 20_000;
/** Characters of the names of all archives in one file, each with the way to it. */
export const maxNameBytes = 8 * 1024 ** 2;
const breathMs = 50;

/** An archive whose nested archives are being read. */
interface Frame {
  readonly zip: ZipArchive;
  readonly inside: readonly string[];
  readonly rest: ZipMember[];
  /** Bytes that it occupies besides those of the archive around it. */
  readonly held: number;
}

/** Reads a file that is an archive, and all archives in it, one branch after the other. */
export async function readArchiveFile(path: string, bytes: Uint8Array): Promise<ArchiveFile> {
  return new FileReader(path, bytes).read();
}

class FileReader {
  readonly #path: string;
  readonly #bytes: Uint8Array;
  readonly #budget: ArchiveBudget;
  readonly #archives: ArchiveFacts[] = [];
  readonly #problems: ArchiveProblem[] = [];
  readonly #frames: Frame[] = [];
  #held = 0;
  #nameBytes = 0;

  constructor(path: string, bytes: Uint8Array) {
    this.#path = path;
    this.#bytes = bytes;
    this.#budget = new ArchiveBudget(bytes.length);
  }

  async read(): Promise<ArchiveFile> {
    this.#open(this.#bytes, [], 0);
    let breath = performance.now();
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      const member = frame.rest.pop();
      if (member === undefined) {
        this.#frames.pop();
        this.#held -= frame.held;
      } else if (!this.#descend(frame, member)) break;
      if (performance.now() - breath < breathMs) continue;
      await setImmediate();
      breath = performance.now();
    }
    return { path: this.#path, archives: this.#archives, problems: this.#problems };
  }

  /** Opens an archive in an archive; false when nothing more of the file can be read. */
  #descend(frame: Frame, member: ZipMember): boolean {
    const inside = [...frame.inside, member.name];
    try {
      this.#nameBytes += inside.reduce((sum, { length }) => sum + length, 0);
      if (this.#nameBytes > maxNameBytes) throw new ArchiveError('archive_limit', 'and the others have too long names');
      if (this.#archives.length >= maxArchives)
        throw new ArchiveError('archive_limit', `more than ${maxArchives} archives`);
      const content = frame.zip.read(member, maxHeldBytes - this.#held);
      this.#open(content, inside, member.method === 0 ? 0 : content.length);
      return true;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#tell(error.code, error.message, inside);
      return this.#archives.length < maxArchives && this.#nameBytes <= maxNameBytes;
    }
  }

  #open(bytes: Uint8Array, inside: readonly string[], held: number): void {
    try {
      const zip = openZip(bytes, this.#budget, inside.length);
      const name = inside.at(-1) ?? this.#path;
      const { facts, nested } = readArchive(zip, bytes, name, inside, (code, problem, member) =>
        this.#tell(code, problem, [...inside, member]),
      );
      this.#archives.push(facts);
      if (nested.length === 0) return;
      this.#frames.push({ zip, inside, rest: nested.toReversed(), held });
      this.#held += held;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      if (error.code === 'archive_invalid' && !this.#isExpected(bytes, inside)) return;
      this.#tell(error.code, error.message, inside);
    }
  }

  /** Whether something that is no zip should have been one: other programs use some of the suffixes. */
  #isExpected(bytes: Uint8Array, inside: readonly string[]): boolean {
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) return true;
    return bytes.length > 0 && isSurelyJava(inside.at(-1) ?? this.#path);
  }

  #tell(code: string, problem: string, inside: readonly string[]): void {
    if (this.#problems.length >= maxProblems) return;
    const where = inside.join('!/').slice(0, 500);
    this.#problems.push({ code, inside: where, problem: problem.slice(0, 300), partial: true });
  }
}
