import { createRequire } from 'node:module';
import type * as Calculator from 'ae-cvss-calculator';
import type { SeverityLevel } from '../contract.ts';

/** A scored CVSS vector. */
export interface CvssScore {
  readonly version: '2.0' | '3.0' | '3.1' | '4.0';
  readonly vector: string;
  /** Base score of v2 and v3; for v4 the score of the whole vector. 0–10 with one decimal. */
  readonly score: number;
  readonly level: SeverityLevel;
}

const maxLength = 512;
const known = new Map<string, CvssScore | null>();
const maxKnown = 20_000;
let calculator: typeof Calculator | undefined;

/**
 * Scores a vector as published.
 * @returns null for anything that is not a complete and valid vector.
 */
export function scoreCvss(vector: string): CvssScore | null {
  const cached = known.get(vector);
  if (cached !== undefined) return cached;
  const result = vector.length > maxLength ? null : calculate(vector);
  // Vectors repeat by the thousand in advisory data, and one costs some ten microseconds.
  if (known.size >= maxKnown) known.clear();
  known.set(vector, result);
  return result;
}

/** A vector with the score that was computed for it before; null where its CVSS version cannot be told. */
export function cvssScored(vector: string, score: number): CvssScore | null {
  const version = versionOf(vector);
  return version === null ? null : { version, vector, score, level: levelOf(version, score) };
}

function calculate(vector: string): CvssScore | null {
  const version = versionOf(vector);
  if (version === null || !isWellFormed(vector)) return null;
  // Loaded on the first vector: only building an index needs it.
  calculator ??= createRequire(import.meta.url)('ae-cvss-calculator') as typeof Calculator;
  const { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } = calculator;
  try {
    const score = ((): number | undefined => {
      if (version === '4.0') return completeScore(new Cvss4P0(vector), (cvss) => cvss.calculateScores(false).overall);
      const type = version === '2.0' ? Cvss2 : version === '3.0' ? Cvss3P0 : Cvss3P1;
      return completeScore(new type(vector), (cvss) => cvss.calculateScores(false).base);
    })();
    if (score === undefined || !(score >= 0 && score <= 10)) return null;
    return { version, vector, score, level: levelOf(version, score) };
  } catch {
    return null;
  }
}

function completeScore<T extends { isBaseFullyDefined(): boolean }>(
  cvss: T,
  score: (cvss: T) => number | undefined,
): number | undefined {
  return cvss.isBaseFullyDefined() ? score(cvss) : undefined;
}

function versionOf(vector: string): CvssScore['version'] | null {
  const [, version] = /^CVSS:(3\.0|3\.1|4\.0)\//.exec(vector) ?? [];
  if (version !== undefined) return version as CvssScore['version'];
  return /^AV:[NAL]\/AC:/.test(vector) && vector.includes('/Au:') ? '2.0' : null;
}

/** Every metric `NAME:VALUE`, none twice; the calculator would take the last one. */
function isWellFormed(vector: string): boolean {
  const metrics = vector.split('/').map((metric) => /^([A-Za-z]{1,4}):([A-Za-z0-9.]{1,6})$/.exec(metric)?.[1]);
  return metrics.every((name) => name !== undefined) && new Set(metrics).size === metrics.length;
}

/** Bands of the specifications; v2 has no critical, and 0 ("none") is the least level that Drydock knows. */
function levelOf(version: CvssScore['version'], score: number): SeverityLevel {
  if (score === 0) return 'negligible';
  if (score < 4) return 'low';
  if (score < 7) return 'medium';
  return score < 9 || version === '2.0' ? 'high' : 'critical';
}
