import type { Writable } from 'node:stream';
import {
  adviceFor,
  bySeverity,
  documentText,
  type Finding,
  groupBy,
  isCounted,
  isVulnerability,
  levelOfFinding,
  nameOfFinding,
  packageOfFinding,
  packagesByPurl,
  placeOfFinding,
  type ReportPackage,
  riskAdvice,
  riskWord,
  type ScanReport,
  upgradeName,
} from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { selectReport } from '../select.ts';
import { count } from '../terminal/words.ts';
import { writeText } from '../write-text.ts';

/** GitHub shows at most ten annotations of each level for a step and drops the others without a word. */
const most = 10;

/**
 * Writes workflow commands that become annotations of a GitHub run: the worst findings, one for each vulnerability and
 * package to upgrade, and a last one that sums up all of them. What does not count or is known is only summed up.
 */
export async function writeGithub(report: ScanReport, out: Writable, options: ExportOptions): Promise<void> {
  await writeText(out, annotations(selectReport(report, options)));
}

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

function* annotations(report: ScanReport): Generator<string> {
  const all = [...stateAnnotations(report), ...findingAnnotations(report)];
  const left = { error: most, warning: most, notice: 0 };
  let hidden = 0;
  for (const annotation of all) {
    if (left[annotation.level]-- > 0) yield command(annotation);
    else hidden++;
  }
  yield command(summary(report, hidden));
}

function* stateAnnotations({ scan, diagnostics }: ScanReport): Generator<Annotation> {
  if (scan.state === 'complete') return;
  const reason = diagnostics.find(({ partial }) => partial === true)?.message ?? '';
  const message = `Something could not be looked at, so there may be more than what is listed. ${reason}`;
  yield { level: 'warning', title: `The scan is ${scan.state}`, message };
}

function findingAnnotations(report: ScanReport): readonly Annotation[] {
  const packages = packagesByPurl(report);
  const shown = report.findings.filter((finding) => isCounted(finding) && finding.known !== true).toSorted(bySeverity);
  const groups = groupBy(shown, (finding) => JSON.stringify([nameOfFinding(finding), subjectOf(finding, packages)]));
  return [...groups.values()].map((group) => annotation(group[0] as Finding, packages));
}

function annotation(finding: Finding, packages: ReadonlyMap<string, ReportPackage>): Annotation {
  const level = levelOfFinding(finding);
  const subject = subjectOf(finding, packages);
  const advice = isVulnerability(finding) ? adviceFor({ ...finding, source: subject }) : riskAdvice(finding);
  const word = wordOf(finding);
  return {
    level:
      level === 'critical' || level === 'high'
        ? 'error'
        : level === 'medium' || level === 'unknown'
          ? 'warning'
          : 'notice',
    title: `${nameOfFinding(finding)} (${word}) in ${subject}`,
    message: `${finding.title ?? ''}\n${advice}`.trim(),
  };
}

function summary({ counts, image, baseline }: ScanReport, hidden: number): Annotation {
  const total = counts.cve.total + counts.sca.total;
  const parts = [
    `${count(total, 'finding')}: ${counts.cve.critical + counts.sca.critical} critical, ${counts.cve.high + counts.sca.high} high`,
    `${counts.cve.fixable + counts.sca.fixable} can be fixed`,
    ...(counts.malicious.total > 0 ? [`${counts.malicious.total} malicious`] : []),
    ...(counts.sensitive.total > 0 ? [count(counts.sensitive.total, 'secret')] : []),
    ...(counts.baseline.total > 0 ? [count(counts.baseline.total, 'failed check')] : []),
    ...(baseline === undefined ? [] : [`${baseline.new} new since the baseline`]),
    ...(hidden > 0 ? [`${hidden} not shown one by one`] : []),
  ];
  return { level: 'notice', title: `Drydock: ${image.reference}`, message: parts.join('; ') };
}

/** `malicious` says it all; of other risks people want to know the level too. */
function wordOf(finding: Finding): string {
  const word = riskWord(finding);
  const level = levelOfFinding(finding);
  return word === undefined ? level : word === 'malicious' ? word : `${word}, ${level}`;
}

function subjectOf(finding: Finding, packages: ReadonlyMap<string, ReportPackage>): string {
  if (isVulnerability(finding)) return upgradeName(finding, packages);
  const purl = packageOfFinding(finding);
  return purl === null ? placeOfFinding(finding).path || 'the image' : (packages.get(purl)?.name ?? purl);
}

/** One workflow command; nothing of the text can end it, add a property or begin another one. */
function command({ level, title, message }: Annotation): string {
  const lines = message.split('\n').map((line) => documentText(line, 1000));
  return `::${level} title=${property(documentText(title, 200))}::${data(lines.join('\n'))}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
