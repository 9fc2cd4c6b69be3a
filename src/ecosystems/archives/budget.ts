import { ArchiveError } from './errors.ts';
import { type ArchiveLimits, archiveLimits } from './limits.ts';

/** What is left of the limits of one top-level file; all archives inside it draw on the same. */
export class ArchiveBudget {
  readonly limits: ArchiveLimits;
  readonly #fileBytes: number;
  readonly #deadline: number;
  #members = 0;
  #unpacked = 0;

  /** @param fileBytes size of the top-level file, which the ratio is about. */
  constructor(fileBytes: number, limits: ArchiveLimits = archiveLimits) {
    this.limits = limits;
    this.#fileBytes = fileBytes;
    this.#deadline = performance.now() + limits.milliseconds;
  }

  /**
   * Asks before an archive inside archives is opened.
   * @param depth 0 for the file itself
   * @throws ArchiveError `archive_limit`
   */
  checkDepth(depth: number): void {
    if (depth <= this.limits.depth) return;
    throw new ArchiveError('archive_limit', `archives nested deeper than ${this.limits.depth}`);
  }

  /** Counts one member of a directory. @throws ArchiveError `archive_limit` */
  countMember(): void {
    if (++this.#members > this.limits.allMembers) {
      throw new ArchiveError('archive_limit', `more than ${this.limits.allMembers} members in all`);
    }
    if (this.#members % 4096 === 0) this.checkTime();
  }

  /** How many bytes a member of a claimed size may unpack to. @throws ArchiveError `archive_limit` */
  allow(size: number): void {
    this.checkTime();
    const { unpackedBytes, unpackRatio, unpackRatioAfter } = this.limits;
    const total = this.#unpacked + size;
    if (total > unpackedBytes) throw new ArchiveError('archive_limit', `unpacks to more than ${unpackedBytes} bytes`);
    if (total > unpackRatioAfter && total > this.#fileBytes * unpackRatio) {
      throw new ArchiveError('archive_limit', `unpacks to more than ${unpackRatio} times its size`);
    }
  }

  /** Counts bytes that were unpacked. */
  spend(bytes: number): void {
    this.#unpacked += bytes;
  }

  /** @throws ArchiveError `archive_limit` */
  checkTime(): void {
    if (performance.now() < this.#deadline) return;
    throw new ArchiveError('archive_limit', `took longer than ${this.limits.milliseconds / 1000} s`);
  }
}
