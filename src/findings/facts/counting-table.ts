import type { SeverityCounts } from '../report.ts';
import type { ImageTally } from './tally.ts';

/** A package with open matches, as the counting rules see it. */
export interface CountedPackage {
  readonly id: number;
  /** Packages of one name and version share it and count as one. */
  readonly countedId: number;
  readonly kind: 'cve' | 'sca';
  readonly purl: string;
}

/** An open match; codes are those of codes.ts. */
export interface CountedMatch {
  readonly packageId: number;
  readonly vulnerabilityId: number;
  readonly severity: number;
  readonly fixState: number;
  readonly kev: boolean;
}

const unimportant = 3;
const fixed = 0;
/** Columns of a kind: one per severity code, then the fixable ones. */
const fixableColumn = 6;
const kindColumns = 7;

/** A match in one byte: severity, fix state, exploited. */
const packed = ({ severity, fixState, kev }: CountedMatch): number => severity | (fixState << 3) | (kev ? 64 : 0);

/**
 * Counts images by the rules of every number (spec report.md): one finding per vulnerability, package name and version;
 * `unimportant` ones are listed and not counted. Made once for many images: what was seen in an image is marked with the
 * number of the image, so that nothing has to be cleared.
 */
export class CountingTable {
  /** By package id: where its matches begin in the columns below; they end where those of the next row begin. */
  readonly #rows: Int32Array;
  readonly #starts: Int32Array;
  readonly #packages: readonly CountedPackage[];
  /** Packages that count as one with others: their place in the order of purls, of which the first speaks for all. */
  readonly #shared: ReadonlyMap<number, number>;
  readonly #vulnerabilities: Int32Array;
  readonly #codes: Uint8Array;
  readonly #kinds: Uint8Array;
  readonly #seenPackage: Int32Array;
  readonly #seenVulnerability: Int32Array;
  #image = 0;

  /**
   * @param packages those that have matches, each once.
   * @param matches of these packages, in any order.
   */
  constructor(packages: readonly CountedPackage[], matches: readonly CountedMatch[]) {
    this.#packages = packages;
    const highest = packages.reduce((most, { id }) => Math.max(most, id), 0);
    this.#rows = new Int32Array(highest + 1).fill(-1);
    packages.forEach(({ id }, row) => {
      this.#rows[id] = row;
    });
    const byRow = packages.map((): CountedMatch[] => []);
    for (const match of matches) byRow[this.#row(match.packageId)]?.push(match);
    const sorted = byRow.flat();
    let start = 0;
    this.#starts = Int32Array.from([...byRow, []], (own) => {
      start += own.length;
      return start - own.length;
    });
    this.#vulnerabilities = Int32Array.from(sorted, ({ vulnerabilityId }) => vulnerabilityId);
    this.#codes = Uint8Array.from(sorted, packed);
    this.#kinds = Uint8Array.from(packages, ({ kind }) => (kind === 'cve' ? 0 : 1));
    this.#seenPackage = new Int32Array(packages.length);
    this.#seenVulnerability = new Int32Array(this.#vulnerabilities.reduce((most, id) => Math.max(most, id), 0) + 1);
    this.#shared = sharedPlaces(packages);
  }

  /** Whether a package has open matches. */
  has(packageId: number): boolean {
    return (this.#rows[packageId] ?? -1) >= 0;
  }

  /** Counters of an image that holds these sets. */
  tally(sets: Iterable<Int32Array>): ImageTally {
    const image = ++this.#image;
    const counts = new Counts();
    const shared: number[] = [];
    for (const members of sets) {
      for (const id of members) {
        const row = this.#rows[id] ?? -1;
        if (row < 0 || this.#seenPackage[row] === image) continue;
        this.#seenPackage[row] = image;
        if (this.#shared.has(row)) shared.push(row);
        else this.#count(row, counts, undefined);
      }
    }
    if (shared.length > 0) this.#countShared(shared, counts);
    return counts.tally();
  }

  /** Packages that may count as one, in the order of their purls: what an earlier one has is not counted again. */
  #countShared(rows: number[], counts: Counts): void {
    const seen = new Map<number, Set<number>>();
    for (const row of rows.sort((a, b) => (this.#shared.get(a) ?? 0) - (this.#shared.get(b) ?? 0))) {
      const group = this.#packages[row]?.countedId ?? 0;
      const known = seen.get(group) ?? new Set();
      seen.set(group, known);
      this.#count(row, counts, known);
    }
  }

  #count(row: number, counts: Counts, known: Set<number> | undefined): void {
    const kind = (this.#kinds[row] as number) * kindColumns;
    const end = this.#starts[row + 1] as number;
    for (let index = this.#starts[row] as number; index < end; index++) {
      const vulnerability = this.#vulnerabilities[index] as number;
      if (known !== undefined) {
        if (known.has(vulnerability)) continue;
        known.add(vulnerability);
      }
      const code = this.#codes[index] as number;
      const fixState = (code >> 3) & 7;
      if (fixState === unimportant) continue;
      counts.columns[kind + (code & 7)] = (counts.columns[kind + (code & 7)] as number) + 1;
      if (fixState === fixed)
        counts.columns[kind + fixableColumn] = (counts.columns[kind + fixableColumn] as number) + 1;
      if (code >= 64) counts.kev++;
      if (this.#seenVulnerability[vulnerability] === this.#image) continue;
      this.#seenVulnerability[vulnerability] = this.#image;
      counts.vulnerabilities++;
    }
  }

  #row(packageId: number): number {
    const row = this.#rows[packageId] ?? -1;
    if (row < 0) throw new RangeError(`a match of package ${packageId}, which was not given`);
    return row;
  }
}

class Counts {
  /** Those of `cve`, then those of `sca`. */
  readonly columns = new Int32Array(2 * kindColumns);
  kev = 0;
  vulnerabilities = 0;

  tally(): ImageTally {
    return { cve: this.#kind(0), sca: this.#kind(kindColumns), kev: this.kev, vulnerabilities: this.vulnerabilities };
  }

  /** `negligible` counts as low. */
  #kind(start: number): SeverityCounts {
    const [unknown = 0, negligible = 0, lowest = 0, medium = 0, high = 0, critical = 0, fixable = 0] =
      this.columns.subarray(start, start + kindColumns);
    const low = negligible + lowest;
    return { critical, high, medium, low, unknown, total: critical + high + medium + low + unknown, fixable };
  }
}

/** By row: the place of a package among those that it may count as one with. */
function sharedPlaces(packages: readonly CountedPackage[]): Map<number, number> {
  const groups = new Map<number, number[]>();
  packages.forEach(({ countedId }, row) => {
    const group = groups.get(countedId);
    if (group === undefined) groups.set(countedId, [row]);
    else group.push(row);
  });
  const places = new Map<number, number>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    group.sort((a, b) => ((packages[a]?.purl ?? '') < (packages[b]?.purl ?? '') ? -1 : 1));
    group.forEach((row, place) => {
      places.set(row, place);
    });
  }
  return places;
}
