import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Column } from './columns.ts';
import classes from './data-table.module.css';

interface HeadCellProps<Row> {
  readonly column: Column<Row>;
  /** The order that the list has by this column; null when it has another. */
  readonly direction: 'ascending' | 'descending' | null;
  readonly onSort: () => void;
}

/** Head of a column; sorts where the server can. */
export function HeadCell<Row>({ column, direction, onSort }: HeadCellProps<Row>) {
  const { t } = useTranslation();
  const Arrow = direction === null ? IconArrowsSort : direction === 'descending' ? IconArrowDown : IconArrowUp;
  return (
    <div
      role="columnheader"
      className={classes.headCell}
      data-end={column.align === 'end' || undefined}
      aria-sort={column.sort === undefined ? undefined : (direction ?? 'none')}
    >
      {column.sort === undefined ? (
        column.label
      ) : (
        <button
          type="button"
          className={classes.sort}
          onClick={onSort}
          title={t('table.sortBy', { column: column.label })}
        >
          {column.label}
          <Arrow size={12} aria-hidden="true" opacity={direction === null ? 0.45 : 1} />
        </button>
      )}
    </div>
  );
}
