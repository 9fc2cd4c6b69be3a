/** One metric of a CVSS vector: `AV:N`. */
export interface CvssMetric {
  readonly metric: string;
  readonly value: string;
  /** How much it adds to the danger: 2 = as bad as it gets, 0 = nothing. */
  readonly weight: 0 | 1 | 2;
}

/** What a CVSS vector says, metric by metric. */
export interface CvssVector {
  readonly version: string;
  readonly metrics: readonly CvssMetric[];
}

/** Values of base metrics from the worst to the mildest. */
const worstFirst: Readonly<Record<string, string>> = {
  ...{ AV: 'NALP', AC: 'LMH', AT: 'NP', PR: 'NLH', UI: 'NPAR', S: 'CU', Au: 'NSM' },
  ...{ C: 'HCLPN', I: 'HCLPN', A: 'HCLPN' },
  ...{ VC: 'HLN', VI: 'HLN', VA: 'HLN', SC: 'HLN', SI: 'HLN', SA: 'HLN' },
};

function weightOf(metric: string, value: string): 0 | 1 | 2 {
  const place = (worstFirst[metric] ?? '').indexOf(value);
  if (place < 0) return 0;
  if (place === 0 || (/^[CIA]$/.test(metric) && value === 'C')) return 2;
  return value === 'N' || (metric === 'S' && value === 'U') || (metric === 'UI' && value === 'R') ? 0 : 1;
}

/** Reads a vector of CVSS 2, 3 or 4; its base metrics only. Null = not a vector. */
export function readCvss(vector: string): CvssVector | null {
  const [, version = '2.0', rest = ''] = /^(?:CVSS:(\d\.\d)\/)?(.+)$/.exec(vector.trim()) ?? [];
  const metrics = rest
    .split('/')
    .map((part) => part.split(':'))
    .flatMap(([metric = '', value = '']) =>
      metric in worstFirst && value !== '' ? [{ metric, value, weight: weightOf(metric, value) }] : [],
    );
  return metrics.length === 0 ? null : { version, metrics };
}
