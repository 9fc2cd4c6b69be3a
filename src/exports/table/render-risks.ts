import {
  type BaselineFinding,
  type Finding,
  isCounted,
  levelOfFinding,
  levelsWorstFirst,
  placeOfFinding,
  type ScannerName,
  type ScanReport,
  type SensitiveFinding,
} from '../../findings/index.ts';
import type { Style } from '../terminal/style.ts';
import { fitText, terminalText } from '../terminal/terminal-text.ts';
import { count } from '../terminal/words.ts';

/** Longer lists are for `-o json`. */
const most = 50;
/** Places that are shown of one check. */
const mostPlaces = 3;

/** Secrets and failed checks, after everything that an upgrade can mend. */
export function* renderRisks(report: ScanReport, style: Style, width: number): Generator<string> {
  const secrets = listed(report, (finding) => finding.kind === 'sensitive');
  const checks = listed(report, (finding) => finding.kind === 'baseline');
  const failed = checks.filter(({ axis }) => axis === 'baseline');
  const instructions = checks.filter(({ axis }) => axis === 'instruction');
  yield* section(`SECRETS: ${count(secrets.length, 'finding')}`, secrets, style, width, secretLines);
  yield* section(`BASELINE: ${count(failed.length, 'failed check')}`, failed, style, width, checkLines);
  yield* section(`BUILD: ${count(instructions.length, 'failed check')}`, instructions, style, width, checkLines);
  yield* renderChecks(report, style);
}

function listed<F extends Finding>(report: ScanReport, is: (finding: Finding) => finding is F): readonly F[] {
  return report.findings
    .filter(is)
    .filter((finding) => isCounted(finding) && finding.known !== true)
    .toSorted((a, b) => rankOf(a) - rankOf(b));
}

function rankOf(finding: Finding): number {
  return levelsWorstFirst.indexOf(levelOfFinding(finding));
}

function* section<F extends Finding>(
  title: string,
  findings: readonly F[],
  style: Style,
  width: number,
  lines: (finding: F, style: Style, width: number) => Generator<string>,
): Generator<string> {
  if (findings.length === 0) return;
  yield `\n${style.strong(title)}\n\n`;
  for (const finding of findings.slice(0, most)) yield* lines(finding, style, width);
  if (findings.length > most) yield style.dim(`  … ${findings.length - most} more with -o json\n`);
}

function* head(finding: SensitiveFinding | BaselineFinding, style: Style, width: number): Generator<string> {
  const level = style.severity(finding.level, finding.level.padEnd(6));
  const base = finding.inBase ? style.dim(' (base image)') : '';
  const name = terminalText(finding.id, 60);
  yield `  ${level}  ${style.strong(name)}  ${fitText(terminalText(finding.title, 300), width - name.length - 26)}${base}\n`;
}

function* secretLines(finding: SensitiveFinding, style: Style, width: number): Generator<string> {
  yield* head(finding, style, width);
  const gone = finding.present ? '' : ', deleted by a later layer and still in the image';
  const more = finding.total > 1 ? `, ${finding.total} values` : '';
  yield style.dim(`          ${fitText(placeText(finding, finding.excerpt), width - 10)}${gone}${more}\n`);
}

function* checkLines(finding: BaselineFinding, style: Style, width: number): Generator<string> {
  yield* head(finding, style, width);
  for (const { path, line, excerpt } of finding.evidence.slice(0, mostPlaces)) {
    const place = `${path}${line === null ? '' : `:${line}`}${excerpt === null ? '' : `  ${excerpt}`}`;
    yield style.dim(`          ${fitText(terminalText(place, 400), width - 10)}\n`);
  }
  const rest = finding.total - Math.min(mostPlaces, finding.evidence.length);
  if (rest > 0) yield style.dim(`          … and ${rest} more\n`);
}

function placeText(finding: Finding, excerpt: string | null): string {
  const { path, line } = placeOfFinding(finding);
  return terminalText(`${path}${line === null ? '' : `:${line}`}${excerpt === null ? '' : `  ${excerpt}`}`, 400);
}

const words: Readonly<Record<ScannerName, string>> = {
  vuln: 'vulnerabilities',
  baseline: 'the baseline',
  malware: 'malicious files',
  secret: 'secrets',
};

/** How the other checks ended, and what was not looked for at all: a zero must not be taken for a result. */
function* renderChecks({ checks, scan, counts }: ScanReport, style: Style): Generator<string> {
  const { scanners } = scan;
  if (scanners.length === 1 && scanners[0] === 'vuln') return;
  yield '\n';
  // What was not wholly looked at is not clean.
  const clean = (words: string): string =>
    scan.state === 'partial' ? style.warn(`${words} in what could be looked at\n`) : style.good(`✔ ${words}\n`);
  if (scanners.includes('secret') && counts.sensitive.total === 0) yield clean('No secret');
  if (scanners.includes('malware') && counts.malicious.total === 0) yield clean('Nothing malicious');
  if (scanners.includes('baseline')) {
    const parts = [
      `${checks.passed.length} passed`,
      `${checks.notApplicable.length} not applicable`,
      ...(checks.unknown.length > 0 ? [`${checks.unknown.length} could not be decided`] : []),
      ...(checks.disabled.length > 0 ? [`${checks.disabled.length} not asked by the policy`] : []),
    ];
    yield style.dim(`checks: ${counts.baseline.total + counts.instruction.total} failed, ${parts.join(', ')}\n`);
  }
  const left = (Object.keys(words) as ScannerName[]).filter((name) => !scanners.includes(name));
  if (left.length > 0) yield style.dim(`not looked for: ${left.map((name) => words[name]).join(', ')}\n`);
}
