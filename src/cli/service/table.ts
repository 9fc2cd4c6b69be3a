import { grid, terminalText } from '../../exports/index.ts';
import type { Json } from './contract.ts';

/** A column: its heading and what it shows of a row. Numbers are set to the right. */
export type Column = readonly [heading: string, value: (row: Json) => string | number | null | undefined];

/** Rows as aligned columns; texts of images and servers are made harmless for terminals. */
export function tableText(columns: readonly Column[], rows: readonly Json[]): string {
  const head = columns.map(([heading]) => ({ text: heading }));
  const cells = rows.map((row) =>
    columns.map(([, value]) => {
      const shown = value(row);
      return typeof shown === 'number'
        ? { text: String(shown), align: 'right' as const }
        : { text: terminalText(shown ?? '–') };
    }),
  );
  return [...grid([head, ...cells], '')].join('');
}

/** Named values, one a line; what is null or undefined is left out. */
export function factsText(facts: readonly (readonly [string, string | number | null | undefined])[]): string {
  const rows = facts
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => [{ text: name }, { text: terminalText(String(value)) }]);
  return [...grid(rows, '')].join('');
}

/** A time of the API (RFC 3339) for people: UTC to the minute. */
export function timeText(time: string | null | undefined): string | null {
  return typeof time === 'string' ? `${time.slice(0, 16).replace('T', ' ')} UTC` : null;
}

/** `registry.example.com/team/app:v1` of an image of the inventory. */
export function imageName(image: Json): string {
  return String(image.reference);
}
