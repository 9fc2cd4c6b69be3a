/** Counters of one kind of findings of one image. */
export interface KindTally {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly unknown: number;
  readonly total: number;
  readonly fixable: number;
}

/** Counters of one image before decisions: unions over its packages, never sums over sets. */
export interface ImageTally {
  readonly cve: KindTally;
  readonly sca: KindTally;
  /** Counted findings whose vulnerability is known to be exploited. */
  readonly kev: number;
  /** Distinct vulnerabilities among the counted findings. */
  readonly vulnerabilities: number;
}

/** A match of a package of the image, as the counting rules see it. Codes are those of codes.ts. */
export interface TallyMatch {
  readonly packageId: number;
  /** Packages that count as one (name and version) share it. */
  readonly countedId: number;
  readonly vulnerabilityId: number;
  readonly kind: 'cve' | 'sca';
  readonly severity: number;
  readonly fixState: number;
  readonly kev: boolean;
}

const unimportant = 3;
const fixed = 0;
/** By severity code: `negligible` counts as low. */
const columns = ['unknown', 'low', 'low', 'medium', 'high', 'critical'] as const;

/**
 * Counts an image by the rules of every number (spec report.md): one finding per vulnerability, package name and version;
 * `unimportant` ones are listed and not counted.
 * @param matches of the distinct packages of the image, those of packages that count as one in the order of their purls:
 *   the first speaks for all, as in the scan report.
 */
export function tallyMatches(matches: Iterable<TallyMatch>): ImageTally {
  const counts = { cve: emptyTally(), sca: emptyTally() };
  const seen = new Map<number, Set<number>>();
  const vulnerabilities = new Set<number>();
  let kev = 0;
  for (const match of matches) {
    let counted = seen.get(match.vulnerabilityId);
    if (counted === undefined) {
      counted = new Set();
      seen.set(match.vulnerabilityId, counted);
    }
    if (counted.has(match.countedId)) continue;
    counted.add(match.countedId);
    if (match.fixState === unimportant) continue;
    const tally = counts[match.kind];
    tally[columns[match.severity] ?? 'unknown']++;
    tally.total++;
    if (match.fixState === fixed) tally.fixable++;
    if (match.kev) kev++;
    vulnerabilities.add(match.vulnerabilityId);
  }
  return { ...counts, kev, vulnerabilities: vulnerabilities.size };
}

function emptyTally(): { -readonly [K in keyof KindTally]: number } {
  return { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0, fixable: 0 };
}

/**
 * Order of images from worst to best as one number below 2^53, larger is worse: exploited vulnerabilities, then critical,
 * high and medium findings, each up to a ceiling.
 */
export function rankOf({ cve, sca, kev }: ImageTally): number {
  const digits: readonly [value: number, bits: number][] = [
    [kev, 12],
    [cve.critical + sca.critical, 13],
    [cve.high + sca.high, 14],
    [cve.medium + sca.medium, 14],
  ];
  return digits.reduce((rank, [value, bits]) => rank * 2 ** bits + Math.min(value, 2 ** bits - 1), 0);
}
