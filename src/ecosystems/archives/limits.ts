/** Limits of one top-level archive file, nested archives included (scanning.md §1.8). */
export interface ArchiveLimits {
  /** Archives inside archives; the file itself is at depth 0. */
  readonly depth: number;
  /** Members of one archive. */
  readonly members: number;
  /** Members of the file and of all archives inside it. */
  readonly allMembers: number;
  /** Bytes unpacked from the file and from all archives inside it. */
  readonly unpackedBytes: number;
  /** Unpacked bytes for one byte of the file. */
  readonly unpackRatio: number;
  /** The ratio is judged only after this many bytes were unpacked. */
  readonly unpackRatioAfter: number;
  /** Wall time. */
  readonly milliseconds: number;
}

/** What every archive in an image is read under. */
export const archiveLimits: ArchiveLimits = {
  depth: 16,
  members: 65_536,
  allMembers: 1_048_576,
  unpackedBytes: 1024 ** 3,
  unpackRatio: 200,
  unpackRatioAfter: 64 * 1024 ** 2,
  milliseconds: 30_000,
};
