import type { Writable } from 'node:stream';
import {
  adviceFor,
  bySeverity,
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
  uncountedWords,
  upgradeName,
} from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { markup } from '../markup/escape.ts';
import { selectReport } from '../select.ts';
import { count } from '../terminal/words.ts';
import { writeText } from '../write-text.ts';

/**
 * Writes JUnit XML for views of test results: a suite for each type of package with a case for each finding, which fails
 * when the finding counts and is skipped when it does not or when a baseline knew it; and a suite of its own for the
 * question whether everything could be looked at. Valid by the schemas of Ant's and of Jenkins's readers.
 */
export async function writeJunit(report: ScanReport, out: Writable, options: ExportOptions): Promise<void> {
  await writeText(out, document(selectReport(report, options)));
}

interface Case {
  readonly name: string;
  readonly classname: string;
  /** An element, or nothing for a case that passed. */
  readonly result: string;
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped';
}

function* document(report: ScanReport): Generator<string> {
  const packages = packagesByPurl(report);
  const typeOf = (finding: Finding): string => suiteOf(finding, packages);
  const found = groupBy(report.findings.toSorted(bySeverity), typeOf);
  const judged = groupBy(
    report.packages.filter(({ ownedBy, scope }) => ownedBy === null && scope === 'installed'),
    ({ type }) => type,
  );
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
  yield* suite(report, 0, 'scan', [scanCase(report)]);
  const types = [...new Set([...found.keys(), ...judged.keys()])].sort();
  for (const [at, type] of types.entries()) {
    const cases = (found.get(type) ?? []).map((finding) => findingCase(finding, type, packages));
    yield* suite(report, at + 1, type, cases.length > 0 ? cases : [cleanCase(type, judged.get(type)?.length ?? 0)]);
  }
  yield '</testsuites>\n';
}

/** Packages by their type, what is malicious under `files`, other risks by their kind. */
function suiteOf(finding: Finding, packages: ReadonlyMap<string, ReportPackage>): string {
  const purl = packageOfFinding(finding);
  if (purl !== null) return packages.get(purl)?.type ?? 'other';
  return finding.kind === 'malicious' ? 'files' : (riskWord(finding) ?? 'other');
}

function* suite(report: ScanReport, id: number, name: string, cases: readonly Case[]): Generator<string> {
  const number = (outcome: Case['outcome']): number => cases.filter((entry) => entry.outcome === outcome).length;
  const title = markup(name, 100).trim() || 'unknown';
  yield `  <testsuite id="${id}" package="drydock" name="${title}" timestamp="${report.scan.finishedAt.slice(0, 19)}" hostname="localhost"`;
  yield ` tests="${cases.length}" failures="${number('failed')}" errors="${number('error')}" skipped="${number('skipped')}" time="0">\n`;
  yield* properties(report);
  for (const { name: caseName, classname, result } of cases) {
    const start = `    <testcase name="${caseName}" classname="${classname}" time="0"`;
    yield result === '' ? `${start}/>\n` : `${start}>\n      ${result}\n    </testcase>\n`;
  }
  yield '    <system-out/>\n    <system-err/>\n  </testsuite>\n';
}

function* properties({ image, scan, advisories, tool }: ScanReport): Generator<string> {
  const values = {
    image: image.reference,
    digest: image.digest,
    platform: image.platform,
    state: scan.state,
    advisories: advisories.snapshot,
    tool: `${tool.name} ${tool.version}`,
  };
  yield '    <properties>\n';
  for (const [name, value] of Object.entries(values)) {
    yield `      <property name="${name}" value="${markup(value)}"/>\n`;
  }
  yield '    </properties>\n';
}

/** A scan that left something out is an error of the run: nothing says that what was not read is clean. */
function scanCase({ scan, diagnostics }: ScanReport): Case {
  const base = { name: 'everything could be looked at', classname: 'drydock.scan' };
  if (scan.state === 'complete') return { ...base, result: '', outcome: 'passed' };
  const reasons = diagnostics
    .filter(({ partial }) => partial === true)
    .map(({ code, message }) => `${code}: ${message}`);
  const most = 20;
  const text = reasons
    .slice(0, most)
    .map((reason) => markup(reason))
    .join('\n');
  const more = reasons.length > most ? `\n${reasons.length - most} more` : '';
  const result = `<error type="${scan.state}" message="the scan is ${scan.state}">${text}${more}</error>`;
  return { ...base, result, outcome: 'error' };
}

function cleanCase(type: string, packages: number): Case {
  const name = `${count(packages, 'package')}, nothing found`;
  return { name, classname: `drydock.${markup(type, 100)}`, result: '', outcome: 'passed' };
}

function findingCase(finding: Finding, type: string, packages: ReadonlyMap<string, ReportPackage>): Case {
  const purl = packageOfFinding(finding);
  const place = placeOfFinding(finding);
  const pkg = packages.get(purl ?? '');
  const version = isVulnerability(finding) ? finding.installedVersion : (pkg?.version ?? '');
  const name = `${nameOfFinding(finding)} in ${pkg?.name ?? purl ?? (place.path || 'the image')} ${version}`.trim();
  const base = {
    name: markup(name, 300),
    classname: `drydock.${markup(`${type}.${pkg?.name ?? 'other'}`, 300)}`,
  };
  const skipped = skipReason(finding);
  if (skipped !== null) return { ...base, result: `<skipped message="${markup(skipped)}"/>`, outcome: 'skipped' };
  const lines = [
    finding.title ?? '',
    isVulnerability(finding) ? adviceFor({ ...finding, source: upgradeName(finding, packages) }) : riskAdvice(finding),
    place.layer === '' ? place.path : `${place.path} in layer ${place.layer}`,
  ];
  const body = lines
    .filter((line) => line !== '')
    .map((line) => markup(line))
    .join('\n');
  const level = levelOfFinding(finding);
  const result = `<failure type="${level}" message="${markup(`${level}: ${name}`)}">${body}</failure>`;
  return { ...base, result, outcome: 'failed' };
}

function skipReason(finding: Finding): string | null {
  if (finding.ignored !== null) return `ignored by ${finding.ignored.by}: ${finding.ignored.reason}`;
  if (!isCounted(finding)) return uncountedWords(finding);
  return finding.known === true ? 'known: the baseline has it' : null;
}
