import { isCounted, type ScanReport, type SeverityCounts, vulnerabilitiesIn } from '../../findings/index.ts';

const levels = ['critical', 'high', 'medium', 'low', 'unknown'] as const;
const rowHeight = 30;
const labelWidth = 78;
const barWidth = 500;
const width = 640;

/** Vulnerabilities of one severity, and how many of them have a published fix. */
interface Bar {
  readonly level: (typeof levels)[number];
  readonly total: number;
  readonly fixable: number;
}

/** Bars of counted vulnerabilities by severity: the full part can be fixed. The table behind says the same in numbers. */
export function* severityChart(report: ScanReport): Generator<string> {
  const bars = barsOf(report);
  const most = Math.max(1, ...bars.map(({ total }) => total));
  const height = bars.length * rowHeight;
  const words = bars.map(({ level, total, fixable }) => `${total} ${level}, ${fixable} of them fixable`).join('; ');
  yield `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Vulnerabilities by severity: ${words}">\n`;
  for (const [at, { level, total, fixable }] of bars.entries()) {
    const y = at * rowHeight;
    // A bar that stands for something is seen.
    const whole = total === 0 ? 0 : Math.max(3, Math.round((total / most) * barWidth));
    const solid = total === 0 ? 0 : Math.round((fixable / total) * whole);
    yield `<text class="label" x="0" y="${y + 19}">${level}</text>`;
    yield `<rect class="track" x="${labelWidth}" y="${y + 8}" width="${barWidth}" height="14" rx="3"/>`;
    if (whole > 0)
      yield `<rect class="rest fill-${level}" x="${labelWidth}" y="${y + 8}" width="${whole}" height="14" rx="3"/>`;
    if (solid > 0)
      yield `<rect class="fill-${level}" x="${labelWidth}" y="${y + 8}" width="${solid}" height="14" rx="3"/>`;
    yield `<text x="${labelWidth + barWidth + 12}" y="${y + 19}">${total}</text>\n`;
  }
  yield '</svg>\n<details><summary>The same as a table</summary><div class="scroll"><table>\n';
  yield '<thead><tr><th>Severity</th><th class="number">Findings</th><th class="number">Fixable</th></tr></thead><tbody>\n';
  for (const { level, total, fixable } of bars) {
    yield `<tr><td><span class="level ${level}">${level}</span></td><td class="number">${total}</td><td class="number">${fixable}</td></tr>\n`;
  }
  yield '</tbody></table></div></details>\n<p class="soft">The full part of a bar has a published fix.</p>\n';
}

function barsOf(report: ScanReport): readonly Bar[] {
  const sum = (level: keyof SeverityCounts): number => report.counts.cve[level] + report.counts.sca[level];
  const fixable = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  for (const finding of vulnerabilitiesIn(report)) {
    if (!isCounted(finding) || finding.state !== 'fixed') continue;
    fixable[finding.severity.level === 'negligible' ? 'low' : finding.severity.level]++;
  }
  // Counts describe the whole image also when a filter shortened the list, and never less than what is listed.
  return levels.map((level) => ({ level, total: sum(level), fixable: Math.min(fixable[level], sum(level)) }));
}
