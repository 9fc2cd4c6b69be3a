import type {
  ChangedPackage,
  ChangeReason,
  ComparedFinding,
  ComparedImage,
  ReportComparison,
} from '../../findings/index.ts';
import { type Cell, grid } from '../terminal/grid.ts';
import { severityGrid } from '../terminal/severity-grid.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import { fitText, terminalText } from '../terminal/terminal-text.ts';
import { count, someOf } from '../terminal/words.ts';

/** Longer lists are for `-o json`. */
const most = 100;

const reasons: Readonly<Record<ChangeReason, string>> = {
  package_added: 'package added',
  package_removed: 'package removed',
  package_changed: 'another version',
  same_package: 'same version, other advisories',
  other: '',
};

/** The lines of a comparison: what is compared, numbers, findings that came and went, packages that changed. */
export function* renderComparison(
  comparison: ReportComparison,
  options: { readonly width?: number | undefined; readonly color?: boolean | undefined },
): Generator<string> {
  const style = styleFor(options.color ?? false);
  const width = Math.max(60, options.width ?? 100);
  const { before, after, counts, findings } = comparison;
  yield* renderSide('before', before, style, width);
  yield* renderSide('after ', after, style, width);
  yield* renderWarnings(before, after, style);
  const { introduced, fixed, unchanged, dismissed } = counts;
  const mark = introduced.total > 0 ? style.bad('✖') : style.good('✔');
  yield `\n${mark} ${style.strong(`${introduced.total} introduced, ${fixed.total} fixed, ${unchanged.total} unchanged`)}\n\n`;
  yield* severityGrid(
    [
      ['introduced', introduced],
      ['fixed', fixed],
      ['unchanged', unchanged],
      ...(dismissed.total > 0 ? [['no longer counted', dismissed] as const] : []),
    ],
    style,
  );
  yield* renderFindings('Introduced', findings.introduced, style, width);
  yield* renderFindings('Fixed', findings.fixed, style, width);
  yield* renderPackages(comparison.packages, style, width);
}

function* renderSide(label: string, side: ComparedImage, style: Style, width: number): Generator<string> {
  const name = fitText(terminalText(side.reference), width - 24);
  yield `${style.dim(label)}  ${style.strong(name)}  ${style.dim(terminalText(side.platform))}\n`;
  yield style.dim(`        ${side.digest}, scanned ${side.finishedAt.slice(0, 10)}\n`);
}

function* renderWarnings(before: ComparedImage, after: ComparedImage, style: Style): Generator<string> {
  for (const [label, side] of [
    ['before', before],
    ['after', after],
  ] as const) {
    if (side.state === 'complete') continue;
    yield `\n${style.warn(`The scan of "${label}" is ${side.state}: something could not be looked at.`)}\n`;
  }
  if (before.snapshot === after.snapshot) return;
  yield `\n${style.warn('The two were judged by different advisories: some differences may come from them alone.')}\n`;
}

function* renderFindings(
  title: string,
  findings: ReportComparison['findings']['introduced'],
  style: Style,
  width: number,
): Generator<string> {
  if (findings.length === 0) return;
  yield `\n${style.strong(title)}\n\n`;
  yield* grid(findings.slice(0, most).map((finding) => row(finding, style, width)));
  if (findings.length > most) yield style.dim(`  … ${findings.length - most} more with -o json\n`);
}

function row(finding: ComparedFinding & { readonly why: ChangeReason }, style: Style, width: number): Cell[] {
  const { severity, kind, id, package: pkg, before, after, why, kev } = finding;
  const level = kind === 'malicious' ? 'malicious' : severity;
  const versions = [before, after].filter((list) => list.length > 0).map(versionText);
  return [
    { text: level, style: (text) => style.severity(severity, text) },
    { text: fitText(terminalText(id), 28) },
    { text: fitText(`${terminalText(pkg.name, 100)} ${[...new Set(versions)].join(' → ')}`, Math.max(20, width - 76)) },
    {
      text: [reasons[why], ...(kev ? ['known exploited'] : [])].filter((word) => word !== '').join(', '),
      style: style.dim,
    },
  ];
}

function* renderPackages(packages: ReportComparison['packages'], style: Style, width: number): Generator<string> {
  const { added, removed, changed, unchanged } = packages;
  const numbers = `${added.length} added, ${removed.length} removed, ${changed.length} changed, ${unchanged} unchanged`;
  yield `\n${style.strong('Packages')}: ${numbers}\n`;
  const lines = [
    ...added.map((entry) => ({ mark: '+', entry })),
    ...removed.map((entry) => ({ mark: '-', entry })),
    ...changed.map((entry) => ({ mark: '~', entry })),
  ];
  if (lines.length > 0) yield '\n';
  yield* grid(lines.slice(0, most).map(({ mark, entry }) => packageRow(mark, entry, style, width)));
  if (lines.length > most) yield style.dim(`  … ${count(lines.length - most, 'more package')} with -o json\n`);
}

function packageRow(mark: string, entry: ChangedPackage, style: Style, width: number): Cell[] {
  const versions = [entry.before, entry.after].filter((list) => list.length > 0).map(versionText);
  return [
    { text: mark, style: mark === '+' ? style.good : mark === '-' ? style.bad : style.warn },
    { text: fitText(terminalText(entry.name, 200), 40) },
    { text: terminalText(entry.type, 20), style: style.dim },
    { text: fitText(versions.join(' → '), Math.max(20, width - 56)) },
  ];
}

function versionText(versions: readonly string[]): string {
  return someOf(
    versions.map((version) => terminalText(version, 60)),
    2,
  );
}
