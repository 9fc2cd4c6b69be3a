import type { FixReport } from '../../findings/index.ts';
import { grid } from '../terminal/grid.ts';
import { severityGrid } from '../terminal/severity-grid.ts';
import { type Style, styleFor } from '../terminal/style.ts';
import { fitText, terminalText } from '../terminal/terminal-text.ts';
import { bytes, count, shellWord, someOf } from '../terminal/words.ts';
import { absentIds, renderAbsent } from './absent.ts';
import type { FixOutputOptions } from './contract.ts';
import { fixedText } from './fixed-text.ts';
import { renderUnsettled } from './unsettled.ts';
import { fixesByPackage, upgradeRows } from './upgrade-rows.ts';

/** The lines of a fix report: verdict, before and after, what changed, what did not and why, the proof. */
export function* renderReport(report: FixReport, options: FixOutputOptions): Generator<string> {
  const style = styleFor(options.color ?? false);
  const width = Math.max(60, options.width ?? 100);
  yield* renderVerdict(report, style);
  const { before, after } = report.counts;
  yield '\n';
  yield* severityGrid([['before', before], ...(after === null ? [] : [['after', after] as const])], style);
  if (report.upgrades.length > 0) {
    yield `\n${style.strong(count(report.upgrades.length, 'upgrade'))}\n\n`;
    yield* grid(upgradeRows(report.upgrades, fixesByPackage(report.outcomes), style, width));
  }
  yield* renderUnsettled(report.outcomes, style, width);
  yield* renderAbsent(absentIds(report.outcomes), style);
  yield* renderProof(report, style);
  yield* renderDiagnostics(report, style, width);
  yield* renderNextStep(report, style);
}

function* renderVerdict({ task, source, result, requested, outcomes }: FixReport, style: Style): Generator<string> {
  const of = fixedText(outcomes, requested);
  const verdicts: Readonly<Record<FixReport['task']['status'], string>> = {
    success: result === null ? style.good('✔ Nothing to fix') : `${style.good('✔ Fixed and proven')}: ${of}`,
    partial: `${style.warn('◐ Partly fixed, proven')}: ${of}`,
    failed: style.bad('✖ Not fixed'),
    cancelled: style.warn('✖ Cancelled'),
    running: `● Running: ${task.stage}`,
  };
  yield `${verdicts[task.status]}\n`;
  if (task.reason !== null) {
    yield `  ${terminalText(task.reason.message)} ${style.dim(`(${terminalText(task.reason.code)})`)}\n`;
  }
  yield `\n  ${style.dim('source')}  ${terminalText(source.reference)}  ${style.dim(terminalText(source.platform))}\n`;
  yield style.dim(`          ${source.digest}\n`);
  if (result === null) return;
  yield `  ${style.dim('result')}  ${style.strong(terminalText(result.reference))}\n`;
  yield style.dim(`          ${result.indexDigest ?? result.digest}\n`);
  const layers = result.platforms ?? [{ platform: '', layer: result.layer }];
  for (const { platform, layer } of layers) {
    const removed = layer.removed === 0 ? '' : `, ${count(layer.removed, 'path')} removed`;
    const of = platform === '' ? '' : `  ${style.dim(terminalText(platform))}`;
    yield `  ${style.dim('layer')}   ${bytes(layer.size)}, ${count(layer.files, 'file')}${removed}${of}\n`;
  }
}

function* renderProof({ verification, result }: FixReport, style: Style): Generator<string> {
  if (verification === null) return;
  const { remaining, introduced, sideEffects, integrity } = verification;
  yield `\n${style.strong('Proof')}\n\n`;
  yield check(
    remaining.length === 0,
    'rescan of the pushed digest',
    listed('still reports', remaining, 'none of the fixed is left'),
    style,
  );
  yield check(introduced.length === 0, 'new findings', listed('', introduced, 'none'), style);
  const mismatches = `${integrity.files} files compared, ${integrity.mismatches} differ`;
  yield check(integrity.mismatches === 0, 'package database', mismatches, style);
  if (sideEffects.length > 0) {
    yield `  ${style.dim('·')} also gone without having been asked for: ${someOf(
      sideEffects.map((id) => terminalText(id, 40)),
      4,
    )}\n`;
  }
  for (const { artifactType, digest } of result?.referrers ?? []) {
    yield `  ${style.dim('·')} attached ${terminalText(artifactType)} ${style.dim(digest)}\n`;
  }
}

function listed(verb: string, ids: readonly string[], none: string): string {
  if (ids.length === 0) return none;
  return `${verb} ${someOf(
    ids.map((id) => terminalText(id, 40)),
    4,
  )}`.trim();
}

function check(ok: boolean, what: string, result: string, style: Style): string {
  return `  ${ok ? style.good('✔') : style.bad('✖')} ${what}: ${result}\n`;
}

function* renderDiagnostics({ diagnostics }: FixReport, style: Style, width: number): Generator<string> {
  if (diagnostics.length === 0) return;
  yield `\n${style.strong('Notes')}\n\n`;
  for (const { code, path, message } of diagnostics.slice(0, 10)) {
    const where = path === undefined ? '' : ` ${path}:`;
    yield `  ${style.dim('·')} ${fitText(terminalText(`${code}:${where} ${message}`), width - 4)}\n`;
  }
  if (diagnostics.length > 10) yield style.dim(`  … ${diagnostics.length - 10} more with -o json\n`);
}

function* renderNextStep({ result, task }: FixReport, style: Style): Generator<string> {
  if (result === null || (task.status !== 'success' && task.status !== 'partial')) return;
  yield `\nNext: ${style.strong(`drydock scan ${shellWord(terminalText(result.reference))}`)}\n`;
}
