import type { SeverityLevel } from '../advisories/index.ts';
import { levelsWorstFirst, reachesThreshold, type ScanReport, type Threshold } from '../findings/index.ts';
import { UsageError } from './output/errors.ts';
import type { DecisionOptions } from './reports/settle.ts';
import type { ProgressOptions, SourceOptions } from './reports/source-options.ts';

/** The options of `drydock scan` as commander hands them over. */
export interface ScanOptions extends SourceOptions, DecisionOptions, ProgressOptions {
  readonly format?: readonly string[];
  readonly json?: boolean;
  readonly severity?: string;
  readonly onlyFixable?: boolean;
  readonly failOn?: string;
  readonly baseline?: string;
  readonly exitCode?: string;
  readonly color?: boolean;
}

/** The levels after `--severity`. @throws UsageError */
export function parseSeverities(text: string | undefined): readonly SeverityLevel[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').filter((word) => word !== '');
  if (words.length === 0)
    throw new UsageError('--severity names no level', `Known are ${levelsWorstFirst.join(', ')}.`);
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

/** Whether a report has a counted finding at the threshold or worse; with a baseline only a new one matters. */
export function exceeds(report: ScanReport, threshold: Threshold): boolean {
  return report.findings.some((finding) => finding.known !== true && reachesThreshold(finding, threshold));
}

function parseLevel(option: string, word: string): SeverityLevel {
  const level = levelsWorstFirst.find((known) => known === word.trim().toLowerCase());
  if (level === undefined) {
    throw new UsageError(`${option}: unknown level "${word}"`, `Known are ${levelsWorstFirst.join(', ')}.`);
  }
  return level;
}
