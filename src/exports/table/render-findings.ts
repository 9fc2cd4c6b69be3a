import type { SeverityLevel } from '../../advisories/index.ts';
import {
  type Finding,
  groupBy,
  isCounted,
  packagesByPurl,
  type ReportPackage,
  type ScanReport,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from '../../findings/index.ts';
import { type Cell, grid } from '../terminal/grid.ts';
import type { Style } from '../terminal/style.ts';
import { fitText, terminalText } from '../terminal/terminal-text.ts';
import { count, someOf } from '../terminal/words.ts';
import { renderMalicious } from './render-malicious.ts';
import { renderRisks } from './render-risks.ts';
import { renderUncounted } from './render-uncounted.ts';

const rank: readonly SeverityLevel[] = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];
const stateWords: Readonly<Record<string, string>> = {
  unfixed: 'no fix yet',
  will_not_fix: "won't fix",
  end_of_life: 'end of life',
};

/** The findings that count: neither ignored nor rated unimportant. */
export function countedFindings(report: ScanReport): readonly VulnerabilityFinding[] {
  return vulnerabilitiesIn(report).filter(isCounted);
}

/**
 * What is malicious first, then the packages of the operating system, then those of applications; headings of these two
 * only where there is something of both; then risks of other kinds.
 */
export function* renderFindings(
  report: ScanReport,
  selected: readonly VulnerabilityFinding[],
  style: Style,
  width: number,
): Generator<string> {
  const packages = packagesByPurl(report);
  const known = new Set<Finding>(
    report.baseline === undefined ? [] : selected.filter((finding) => finding.known === true),
  );
  const listed = selected.filter((finding) => isCounted(finding) && !known.has(finding));
  const system = listed.filter(({ kind }) => kind === 'cve');
  const applications = listed.filter(({ kind }) => kind === 'sca');
  yield* renderMalicious(report, style, width);
  const both = system.length > 0 && applications.length > 0;
  if (both) yield `\n${style.strong(`OPERATING-SYSTEM PACKAGES: ${count(system.length, 'finding')}`)}\n`;
  yield* renderKind(system, packages, style, width);
  if (both) yield `\n${style.strong(`APPLICATION PACKAGES: ${count(applications.length, 'finding')}`)}\n`;
  yield* renderKind(applications, packages, style, width);
  yield* renderRisks(report, style, width);
  yield* renderUncounted(report, selected, style, width);
}

/** Fixable findings one by one under their source package, the others summed up per source package. */
function* renderKind(
  listed: readonly VulnerabilityFinding[],
  packages: ReadonlyMap<string, ReportPackage>,
  style: Style,
  width: number,
): Generator<string> {
  const fixable = sections(
    listed.filter(({ state }) => state === 'fixed'),
    packages,
  );
  if (fixable.length > 0) yield `\n${style.strong('Fixable')}\n`;
  for (const section of fixable) yield* renderSection(section, style, width);
  const open = sections(
    listed.filter(({ state }) => state !== 'fixed'),
    packages,
  );
  if (open.length > 0) yield `\n${style.strong('Without a fix')}\n\n`;
  yield* grid(open.map((section) => openRow(section, style, width)));
}

interface Section {
  /** Source package and its version, safe for display. */
  readonly title: string;
  /** Names of the binary packages concerned, safe for display. */
  readonly binaries: readonly string[];
  /** Most severe first. */
  readonly findings: readonly VulnerabilityFinding[];
}

function sections(
  findings: readonly VulnerabilityFinding[],
  packages: ReadonlyMap<string, ReportPackage>,
): readonly Section[] {
  const titleOf = (finding: VulnerabilityFinding): string => {
    const pkg = packages.get(finding.package);
    const named = pkg?.source ?? { name: pkg?.name ?? finding.package, version: finding.installedVersion };
    return `${terminalText(named.name, 200)} ${terminalText(named.version, 200)}`;
  };
  const groups = [...groupBy(findings, titleOf)].map(
    ([title, members]): Section => ({
      title,
      binaries: [
        ...new Set(members.map((finding) => terminalText(packages.get(finding.package)?.name ?? finding.package, 200))),
      ],
      findings: distinct(members).toSorted(bySeverity),
    }),
  );
  return groups.toSorted((a, b) => worstRank(a) - worstRank(b) || (a.title < b.title ? -1 : 1));
}

/** A vulnerability once per source package, however many of its binary packages are installed. */
function distinct(findings: readonly VulnerabilityFinding[]): readonly VulnerabilityFinding[] {
  return [...new Map(findings.map((finding) => [`${finding.id} ${finding.fixedVersion ?? ''}`, finding])).values()];
}

function bySeverity(a: VulnerabilityFinding, b: VulnerabilityFinding): number {
  const level = rank.indexOf(a.severity.level) - rank.indexOf(b.severity.level);
  return level || Number(b.kev) - Number(a.kev) || (a.id < b.id ? -1 : 1);
}

function worstRank({ findings }: Section): number {
  return findings[0] === undefined ? rank.length : rank.indexOf(findings[0].severity.level);
}

function* renderSection(section: Section, style: Style, width: number): Generator<string> {
  const names =
    section.binaries.length > 1 || !section.title.startsWith(`${section.binaries[0]} `)
      ? someOf(section.binaries, 4)
      : '';
  const title = fitText(section.title, width - 2);
  const room = width - title.length - 2;
  yield `\n${style.strong(title)}${names === '' || room < 10 ? '' : `  ${style.dim(fitText(names, room))}`}\n`;
  const ids = Math.max(...section.findings.map(({ id }) => Math.min(28, id.length)));
  const fixes = Math.min(40, Math.max(...section.findings.map(({ fixedVersion }) => fixedVersion?.length ?? 0)));
  const titleRoom = width - ids - fixes - 20;
  yield* grid(section.findings.map((finding) => findingRow(finding, titleRoom, style)));
}

function findingRow(finding: VulnerabilityFinding, titleRoom: number, style: Style): Cell[] {
  const level = finding.severity.level;
  const marks = [
    ...(finding.kev ? ['known exploited'] : []),
    ...(finding.title === null ? [] : [terminalText(finding.title, 300)]),
  ];
  return [
    { text: level, style: (text) => style.severity(level, text) },
    { text: fitText(terminalText(finding.id), 28) },
    { text: `→ ${fitText(terminalText(finding.fixedVersion ?? 'published'), 40)}`, style: style.good },
    { text: titleRoom < 12 ? '' : fitText(marks.join(' · '), titleRoom), style: finding.kev ? style.bad : style.dim },
  ];
}

function openRow(section: Section, style: Style, width: number): Cell[] {
  const worst = section.findings[0]?.severity.level ?? 'unknown';
  const states = [...new Set(section.findings.map(({ state }) => stateWords[state] ?? state))].join(', ');
  const ids = someOf(
    section.findings.map(({ id }) => terminalText(id, 40)),
    Math.max(1, Math.floor((width - 70) / 16)),
  );
  return [
    { text: worst, style: (text) => style.severity(worst, text) },
    { text: fitText(section.title, 36) },
    { text: String(section.findings.length), align: 'right' },
    { text: states, style: style.dim },
    { text: ids, style: style.dim },
  ];
}
