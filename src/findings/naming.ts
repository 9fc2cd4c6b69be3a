import { type Finding, isVulnerability } from './report.ts';

/** What a finding is called: the vulnerability, check or key; what decided in the engine for what is malicious. */
export function nameOfFinding(finding: Finding): string {
  return finding.kind === 'malicious' ? finding.rule : finding.id;
}

/** Other names of the same thing. */
export function aliasesOfFinding(finding: Finding): readonly string[] {
  return isVulnerability(finding) ? finding.aliases : [];
}

/** purl of the package that a finding is about; null where it is about a file or the image. */
export function packageOfFinding(finding: Finding): string | null {
  return isVulnerability(finding) || finding.kind === 'malicious' ? finding.package : null;
}

/** Where a finding is. Of several places the first; empty texts where none is known. */
export function placeOfFinding(finding: Finding): {
  readonly path: string;
  readonly layer: string;
  readonly line: number | null;
} {
  if (finding.kind === 'baseline') {
    const first = finding.evidence[0];
    return { path: first?.path ?? '', layer: first?.layer ?? '', line: first?.line ?? null };
  }
  return { path: finding.path, layer: finding.layer ?? '', line: finding.kind === 'sensitive' ? finding.line : null };
}

/** What to do about a risk that is no vulnerability. */
export function riskAdvice(finding: Exclude<Finding, { readonly kind: 'cve' | 'sca' }>): string {
  return finding.kind === 'malicious' ? 'Remove it, and take what it could reach for disclosed.' : finding.advice;
}

/** One word for the kind of a risk; undefined for vulnerabilities, which go by their severity alone. */
export function riskWord(finding: Finding): 'malicious' | 'baseline' | 'build' | 'secret' | undefined {
  switch (finding.kind) {
    case 'malicious':
      return 'malicious';
    case 'sensitive':
      return 'secret';
    case 'baseline':
      return finding.axis === 'instruction' ? 'build' : 'baseline';
    default:
      return undefined;
  }
}

/** Why a finding is listed and does not count although nobody ignored it; empty for one that counts. */
export function uncountedWords(finding: Finding): string {
  switch (finding.kind) {
    case 'malicious':
      if (finding.uncounted === null) return '';
      return finding.uncounted === 'coverage'
        ? 'about what could not be looked at'
        : 'by rules that are being watched first';
    case 'baseline':
      return finding.axis === 'instruction' && finding.inBase ? 'about instructions of the base image' : '';
    case 'sensitive':
      return '';
    default:
      return finding.state === 'unimportant' ? 'rated unimportant by the distribution' : '';
  }
}
