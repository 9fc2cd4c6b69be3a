import type { SeverityCounts } from '../report.ts';

/** Counters of one image before decisions: unions over its packages, never sums over sets. */
export interface ImageTally {
  readonly cve: SeverityCounts;
  readonly sca: SeverityCounts;
  /** Counted findings whose vulnerability is known to be exploited. */
  readonly kev: number;
  /** Distinct vulnerabilities among the counted findings. */
  readonly vulnerabilities: number;
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
