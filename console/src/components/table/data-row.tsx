import { memo } from 'react';
import type { Column } from './columns.ts';
import classes from './data-table.module.css';

/** What a row tells its table. */
export interface RowActions<Row> {
  toggle(id: string): void;
  /** A click beside the links and buttons of the row. */
  open(id: string, row: Row): void;
}

interface DataRowProps<Row> {
  readonly id: string;
  readonly row: Row;
  readonly index: number;
  /** Pixels from the top of the table. */
  readonly start: number;
  readonly template: string;
  readonly columns: readonly Column<Row>[];
  readonly active: boolean;
  /** The row that Tab leads to. */
  readonly tabbable: boolean;
  /** null where rows cannot be selected. */
  readonly selected: boolean | null;
  /** Words of the box that selects the row. */
  readonly selectLabel: string;
  /** The same object in every render. */
  readonly actions: RowActions<Row>;
}

function Row<Row>(props: DataRowProps<Row>) {
  const { id, row, index, start, template, columns, active, tabbable, selected, selectLabel, actions } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter opens the active row wherever the focus is
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected ?? undefined}
      className={classes.row}
      data-active={active || undefined}
      data-selected={selected || undefined}
      data-row={id}
      tabIndex={tabbable ? 0 : -1}
      style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
      onClick={(event) => {
        if ((event.target as HTMLElement).closest('a,button,input,label') !== null) return;
        if (window.getSelection()?.isCollapsed === false) return;
        actions.open(id, row);
      }}
    >
      {selected !== null && (
        <div role="gridcell" className={classes.check}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={selectLabel}
            checked={selected}
            onChange={() => actions.toggle(id)}
          />
        </div>
      )}
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={classes.cell} data-end={column.align === 'end' || undefined}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** A row of a table; drawn again only when it changed, because scrolling draws the table many times a second. */
export const DataRow = memo(Row) as typeof Row;
