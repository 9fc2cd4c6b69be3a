import type { VulnerabilityRule } from './contract.ts';

/** A rule on vulnerabilities as a person would say it: `no fixable vulnerability of high or worse`. */
export function ruleWords({ severity, kinds, fixable, kev, max }: VulnerabilityRule): string {
  const amount = max === 0 ? 'no' : `at most ${max}`;
  const marks = [...(kev ? ['known exploited'] : []), ...(fixable ? ['fixable'] : [])].join(' and ');
  const noun = max > 1 ? 'vulnerabilities' : 'vulnerability';
  const level = severity === 'unknown' ? 'any level' : severity === 'critical' ? 'critical' : `${severity} or worse`;
  const where =
    kinds.length > 1 ? '' : kinds[0] === 'cve' ? ' in operating-system packages' : ' in application packages';
  return `${amount} ${marks === '' ? '' : `${marks} `}${noun} of ${level}${where}`;
}
