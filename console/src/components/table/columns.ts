import type { ReactNode } from 'react';

/** A column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** Track of a CSS grid: `minmax(12rem, 2fr)`, `7rem`. */
  readonly width: string;
  readonly align?: 'end';
  /** Name of the order at the server; without it the column does not sort. */
  readonly sort?: string;
  /** What this order begins with when it is chosen; descending unless said otherwise. */
  readonly ascendingFirst?: boolean;
  /** Not shown until the user asks for it. */
  readonly hidden?: boolean;
}

/** Ids of the shown columns: what the address says, else those that are not hidden. */
export function shownColumns<Row>(columns: readonly Column<Row>[], chosen: string): ReadonlySet<string> {
  const named = chosen.split(',').filter((id) => columns.some((column) => column.id === id));
  return new Set(named.length > 0 ? named : columns.filter(({ hidden }) => hidden !== true).map(({ id }) => id));
}
