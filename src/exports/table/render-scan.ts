import type { PackageScope } from '../../ecosystems/index.ts';
import { type ScanReport, vulnerabilitiesIn } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { selectFindings } from '../select.ts';
import { severityGrid } from '../terminal/severity-grid.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import { fitText, terminalText, wrapText } from '../terminal/terminal-text.ts';
import { bytes, count, shellWord, span } from '../terminal/words.ts';
import { countedFindings, renderFindings } from './render-findings.ts';

const defaultWidth = 100;
/** Advisories older than this are a reason to warn (scanning.md §6). */
const staleAfter = 7 * 86_400_000;

/** The lines of the scan table: what was looked at, the verdict, the findings, what to do next. */
export function* renderScan(report: ScanReport, options: ExportOptions): Generator<string> {
  const style = styleFor(options.color ?? false);
  const width = Math.max(60, options.width ?? defaultWidth);
  yield* renderHeader(report, style, width);
  yield* renderScopes(report, style);
  yield* renderWarnings(report, style, width);
  const judged = report.scan.scanners.includes('vuln');
  if (judged) yield '\n';
  yield* renderVerdict(report, style);
  const selected = selectFindings(report, options);
  const all = vulnerabilitiesIn(report).length;
  if (selected.length < all) {
    yield style.dim(`  Listed below: ${selected.length} of ${count(all, 'finding')}${filterWords(options)}\n`);
  }
  yield* renderFindings(report, selected, style, width);
  if (!judged) return;
  yield '\n';
  yield* renderAdvisories(report, options, style);
  yield* renderNextStep(report, style);
}

function* renderHeader({ image, packages }: ScanReport, style: Style, width: number): Generator<string> {
  yield `${style.strong(fitText(terminalText(image.reference), width))}  ${style.dim(terminalText(image.platform))}\n`;
  yield style.dim(`${image.digest}\n`);
  const os = image.os === null ? 'no operating system release found' : (image.os.prettyName ?? image.os.id);
  const size = `${count(image.layers.length, 'layer')}, ${bytes(image.size)}`;
  yield `${fitText(terminalText(os, 200), width)} · ${count(packages.length, 'package')} · ${size}\n`;
}

/** Packages that are listed and not judged, or judged only on request: one line, so that nobody misses them. */
function* renderScopes({ packages }: ScanReport, style: Style): Generator<string> {
  const owned = packages.filter(({ ownedBy }) => ownedBy !== null).length;
  const own = packages.filter(({ ownedBy }) => ownedBy === null);
  const scoped = (scope: PackageScope): number => own.filter((pkg) => pkg.scope === scope).length;
  const parts = [
    [owned, 'part of operating-system packages and judged with them'],
    [scoped('dev'), 'for development only'],
    [scoped('declared'), 'only declared by lock files'],
    [scoped('removed'), 'in deleted files of lower layers'],
  ] as const;
  const words = parts
    .filter(([n]) => n > 0)
    .map(([n, text]) => `${n.toLocaleString('en-US')} ${n === 1 ? 'is' : 'are'} ${text}`);
  if (words.length > 0) yield style.dim(`of these packages ${words.join(', ')}\n`);
}

function* renderWarnings({ image, scan, diagnostics }: ScanReport, style: Style, width: number): Generator<string> {
  if (image.os?.endOfLife !== null && image.os?.endOfLife !== undefined) {
    const text = `END OF LIFE since ${terminalText(image.os.endOfLife)}: this release gets no more fixes. Move to a supported one.`;
    yield `\n${style.bad(text)}\n`;
  }
  if (scan.state === 'unsupported') {
    yield `\n${style.bad('NOT SUPPORTED: there is no advisory source for this image. No finding does not mean no vulnerability.')}\n`;
  } else if (scan.state === 'partial') {
    yield `\n${style.warn('PARTIAL: something could not be looked at, so there may be more than what is listed.')}\n`;
  }
  const most = 10;
  for (const entry of diagnostics.slice(0, most)) {
    const where = entry.path === undefined ? '' : ` ${entry.path}:`;
    const lines = wrapText(terminalText(`${entry.code}:${where} ${entry.message}`), width - 4, 3);
    yield `  ${entry.partial === true ? style.warn('!') : style.dim('·')} ${lines.join('\n    ')}\n`;
  }
  if (diagnostics.length > most) yield style.dim(`  … ${diagnostics.length - most} more with -o json\n`);
}

function* renderVerdict(report: ScanReport, style: Style): Generator<string> {
  const { cve, sca } = report.counts;
  const numbers = { ...cve };
  for (const key of ['critical', 'high', 'medium', 'low', 'unknown', 'total', 'fixable'] as const) {
    numbers[key] += sca[key];
  }
  if (numbers.total === 0) {
    if (report.counts.malicious.total > 0 || !report.scan.scanners.includes('vuln')) return;
    const clean = report.scan.state === 'complete';
    yield clean
      ? style.good('✔ No known vulnerability\n')
      : style.warn('No known vulnerability in what could be looked at\n');
    return;
  }
  const counted = countedFindings(report);
  const distinct = new Set(counted.map((finding) => finding.id)).size;
  const affected = new Set(counted.map((finding) => finding.package)).size;
  const fixable = numbers.fixable === 0 ? 'none has a fix yet' : `${numbers.fixable} can be fixed`;
  yield `${style.bad('✖')} ${style.strong(count(numbers.total, 'finding'))}: ${count(distinct, 'vulnerability', 'vulnerabilities')} in ${count(affected, 'package')}, ${fixable}\n\n`;
  yield* severityGrid(
    [
      ['all', numbers],
      ['fixable', fixableNumbers(report)],
    ],
    style,
  );
}

function fixableNumbers(
  report: ScanReport,
): Record<'critical' | 'high' | 'medium' | 'low' | 'unknown' | 'total', number> {
  const numbers = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0 };
  for (const { state, severity } of countedFindings(report)) {
    if (state !== 'fixed') continue;
    // The counts have no column of their own for negligible.
    numbers[severity.level === 'negligible' ? 'low' : severity.level]++;
    numbers.total++;
  }
  return numbers;
}

function filterWords({ severity, onlyFixable }: ExportOptions): string {
  const words = [
    ...(severity === undefined ? [] : [severity.join(', ')]),
    ...(onlyFixable === true ? ['fixable'] : []),
  ];
  return words.length === 0 ? '' : ` (${words.join('; ')})`;
}

function* renderAdvisories(report: ScanReport, options: ExportOptions, style: Style): Generator<string> {
  const { advisories, scan } = report;
  const now = options.now?.getTime() ?? Date.parse(scan.finishedAt);
  const age = now - Date.parse(advisories.createdAt);
  const bulk = bundledBulk(advisories);
  const bulkAge = bulk === undefined ? age : now - Date.parse(bulk);
  const line =
    bulk === undefined
      ? `advisories: ${advisories.origin}, ${oldText(age)}`
      : `advisories: ${advisories.origin}; newest record ${oldText(age)}, most records ${oldText(bulkAge)}`;
  const stale = !(age <= staleAfter && bulkAge <= staleAfter);
  yield stale ? `${style.warn(line)}${style.dim(' · refresh with: drydock db update')}\n` : style.dim(`${line}\n`);
}

/** A few new records do not make bundled facts current: when most of them were last modified. */
function bundledBulk({ origin, sources }: ScanReport['advisories']): string | undefined {
  return origin === 'bundled' ? sources.flatMap(({ bulk }) => bulk ?? []).sort()[0] : undefined;
}

function oldText(age: number): string {
  return Number.isFinite(age) ? `${span(Math.max(0, age))} old` : 'of unknown age';
}

function* renderNextStep({ counts, image }: ScanReport, style: Style): Generator<string> {
  // A bill of materials has no layers, and so nothing to put a fix on.
  if (counts.cve.fixable === 0 || image.layers.length === 0) return;
  const local = /^(archive|dir):/.test(image.reference);
  const target = local
    ? ' --tag fixed --output oci:fixed'
    : image.reference.includes('@')
      ? ' --tag fixed'
      : ' --tag-suffix -fixed';
  yield `\nNext: ${style.strong(`drydock fix ${shellWord(terminalText(image.reference))} --all-fixable${target}`)}\n`;
}
