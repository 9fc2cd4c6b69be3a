import type { SeverityLevel } from '../../advisories/index.ts';
import { type Cell, grid } from './grid.ts';
import type { Style } from './style.ts';

const levels = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

/** Numbers by severity with their sum. */
export type LevelNumbers = Readonly<Record<(typeof levels)[number] | 'total', number>>;

/** A small table with one line per label and one column per severity. */
export function severityGrid(
  rows: readonly (readonly [label: string, numbers: LevelNumbers])[],
  style: Style,
): Generator<string> {
  const head: Cell[] = ['', ...levels, 'total'].map((text) => ({ text, style: style.dim, align: 'right' }));
  const lines = rows.map(([label, numbers]): Cell[] => [
    { text: label, style: style.dim },
    ...levels.map((level) => numberCell(numbers[level], level, style)),
    { text: String(numbers.total), style: style.strong, align: 'right' },
  ]);
  return grid([head, ...lines]);
}

function numberCell(n: number, level: SeverityLevel, style: Style): Cell {
  const emphasis = n === 0 ? style.dim : (text: string) => style.severity(level, text);
  return { text: String(n), style: emphasis, align: 'right' };
}
