import { padText, textWidth } from './terminal-text.ts';

/** A cell: its safe text, and how it looks. Widths are measured before emphasis. */
export interface Cell {
  readonly text: string;
  readonly style?: (text: string) => string;
  readonly align?: 'left' | 'right';
}

/** Lines of aligned columns two spaces apart; trailing space is left out. */
export function* grid(rows: readonly (readonly Cell[])[], indent = '  '): Generator<string> {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell.text));
    });
  }
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const last = column === row.length - 1 && cell.align !== 'right';
      const padded = last
        ? cell.text
        : padText(cell.text, widths[column] ?? 0, cell.align === 'right' ? 'right' : 'left');
      return cell.style === undefined ? padded : cell.style(padded);
    });
    yield `${indent}${cells.join('  ').trimEnd()}\n`;
  }
}
