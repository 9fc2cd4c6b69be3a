import type { SeverityLevel } from '../advisories/index.ts';
import type { ExportFormat } from '../exports/index.ts';
import { isCounted, type ScanReport } from '../findings/index.ts';
import { UsageError } from './output/errors.ts';

/** The options of `drydock scan` as commander hands them over. */
export interface ScanOptions {
  readonly format?: readonly string[];
  readonly json?: boolean;
  readonly severity?: string;
  readonly onlyFixable?: boolean;
  readonly failOn?: string;
  readonly exitCode?: string;
  readonly platform?: readonly string[];
  readonly verifyDiffIds?: boolean;
  readonly quiet?: boolean;
  readonly progress: string;
  readonly color?: boolean;
}

/** One place where reports go; without a file, standard output. */
export interface ScanOutput {
  readonly format: ExportFormat;
  readonly file: string | undefined;
}

/** When a scan ends with the exit code of a failed threshold. */
export interface Threshold {
  readonly level: SeverityLevel;
  /** Count only what has a published fix. */
  readonly fixableOnly: boolean;
}

/** Worst first. Unknown is last: it fails only a threshold that names it. */
export const severityLevels: readonly SeverityLevel[] = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];

/** The outputs after `-o`; a table on standard output when none is asked for. @throws UsageError */
export function parseOutputs(
  options: Pick<ScanOptions, 'format' | 'json'>,
  formats: readonly ExportFormat[],
): readonly ScanOutput[] {
  const wanted = [...(options.format ?? []), ...(options.json ? ['json'] : [])];
  const outputs = (wanted.length === 0 ? ['table'] : wanted).map((text): ScanOutput => {
    const equals = text.indexOf('=');
    const id = equals < 0 ? text : text.slice(0, equals);
    const format = formats.find((known) => known.id === id);
    if (format === undefined) {
      throw new UsageError(`unknown format "${id}"`, `Use one of ${formats.map((known) => known.id).join(', ')}.`);
    }
    const file = equals < 0 ? undefined : text.slice(equals + 1);
    if (file === '') throw new UsageError(`-o ${text} names no file`);
    return { format, file };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    throw new UsageError('only one format can go to standard output', 'Write the others to files: -o json=FILE.');
  }
  const files = outputs.flatMap(({ file }) => file ?? []);
  if (new Set(files).size < files.length) throw new UsageError('two formats cannot go to the same file');
  return outputs;
}

/** The levels after `--severity`. @throws UsageError */
export function parseSeverities(text: string | undefined): readonly SeverityLevel[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').filter((word) => word !== '');
  if (words.length === 0) throw new UsageError('--severity names no level', `Known are ${severityLevels.join(', ')}.`);
  return words.map((word) => parseLevel('--severity', word));
}

/** `high` or `high,fixable` after `--fail-on`. @throws UsageError */
export function parseThreshold(text: string | undefined): Threshold | undefined {
  if (text === undefined) return undefined;
  const [word = '', modifier, ...rest] = text.split(',');
  const level = parseLevel('--fail-on', word);
  if (rest.length > 0 || (modifier !== undefined && modifier !== 'fixable')) {
    throw new UsageError(`cannot understand --fail-on ${text}`, 'Write a level, or a level and ",fixable".');
  }
  return { level, fixableOnly: modifier === 'fixable' };
}

/** The number after `--exit-code`. @throws UsageError */
export function parseExitCode(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,3}$/.test(text) || Number(text) > 255) {
    throw new UsageError(`--exit-code ${text} is not a number from 0 to 255`);
  }
  return Number(text);
}

/** Whether a report has a counted finding at the threshold or worse. */
export function exceeds(report: ScanReport, threshold: Threshold): boolean {
  const worst = severityLevels.indexOf(threshold.level);
  return report.findings.some(
    (finding) =>
      isCounted(finding) &&
      (!threshold.fixableOnly || finding.state === 'fixed') &&
      severityLevels.indexOf(finding.severity.level) <= worst,
  );
}

function parseLevel(option: string, word: string): SeverityLevel {
  const level = severityLevels.find((known) => known === word.trim().toLowerCase());
  if (level === undefined) {
    throw new UsageError(`${option}: unknown level "${word}"`, `Known are ${severityLevels.join(', ')}.`);
  }
  return level;
}
