import {
  type Finding,
  groupBy,
  isCounted,
  isVulnerability,
  type ScanReport,
  uncountedWords,
} from '../../findings/index.ts';
import type { Style } from '../terminal/style.ts';
import { fitText, terminalText } from '../terminal/terminal-text.ts';
import { count, someOf } from '../terminal/words.ts';

/** Reasons that are told one by one; beyond them numbers must do. */
const mostReasons = 10;

/** What is listed and does not count, each with its reason, and what the baseline knew. */
export function* renderUncounted(
  report: ScanReport,
  selected: readonly Finding[],
  style: Style,
  width: number,
): Generator<string> {
  const others = report.findings.filter((finding) => !isVulnerability(finding));
  const all = [...selected, ...others];
  const ignored = all.filter((finding) => finding.ignored !== null);
  const uncounted = all.filter((finding) => finding.ignored === null && !isCounted(finding));
  const parts = [
    ...[...groupBy(uncounted, uncountedWords)].map(([words, group]) => `${count(group.length, 'finding')} ${words}`),
    ...(ignored.length > 0 ? [`${count(ignored.length, 'finding')} ignored by rule`] : []),
  ];
  if (parts.length > 0) yield style.dim(`\nNot counted: ${parts.join(', ')}\n`);
  const reasons = [...groupBy(ignored, reasonOf)];
  for (const [reason, findings] of reasons.slice(0, mostReasons)) {
    const ids = [...new Set(findings.map(({ id }) => terminalText(id, 40)))];
    yield style.dim(`  ${fitText(`${reason}: ${someOf(ids, 3)}`, width - 2)}\n`);
  }
  if (reasons.length > mostReasons) yield style.dim(`  … ${reasons.length - mostReasons} more reasons with -o json\n`);
  yield* renderBaseline(report, style);
}

function reasonOf({ ignored }: Finding): string {
  if (ignored === null) return '';
  const { reason, by, until, vex } = ignored;
  const who = vex === undefined ? by : `VEX ${vex.status}${vex.justification === null ? '' : `, ${vex.justification}`}`;
  const term = until === null ? '' : ` until ${until.slice(0, 10)}`;
  return `${terminalText(reason, 100)} (${terminalText(`${who}${term}`, 100)})`;
}

function* renderBaseline({ baseline, image }: ScanReport, style: Style): Generator<string> {
  if (baseline === undefined) return;
  const other = baseline.digest === image.digest ? 'of this image' : 'of another image';
  const of = `${terminalText(baseline.reference, 200)} (${baseline.finishedAt.slice(0, 10)}, ${other})`;
  yield `\nBaseline ${of}: ${count(baseline.known, 'known finding')} left out above, ${style.strong(`${baseline.new} new`)}\n`;
}
