import {
  type ColumnDef,
  columnVisibilityFeature,
  type RowData,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSetSearch, useUrlState } from '../../app/url-state.ts';
import { ErrorState } from '../feedback/states.tsx';
import { ColumnMenu } from './column-menu.tsx';
import { type Column, shownColumns } from './columns.ts';
import classes from './data-table.module.css';
import { HeadCell } from './head-cell.tsx';
import { type RowKeys, useRowKeys } from './row-keys.ts';
import { RowTotal } from './row-total.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import type { List } from './use-list.ts';

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });
const rowHeight = 44;

interface DataTableProps<Row extends RowData> {
  /** What the table lists, for readers of screens. */
  readonly label: string;
  readonly list: List<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  /** Opens a row: Enter, or a click beside its links and buttons. */
  readonly onOpen?: (row: Row) => void;
  /** Rows can be selected; what can be done with them. */
  readonly bulk?: (rows: readonly Row[], clear: () => void) => ReactNode;
  /** Keys of this list beside j, k, x and Enter: `f` = fix; they get the selected rows, else the active one. */
  readonly keys?: RowKeys<Row>;
  readonly empty: ReactNode;
  /** Right of the number of rows: export of this view. */
  readonly tools?: ReactNode;
  /** Name in front of the pieces of state in the address, where a page has two tables. */
  readonly name?: string;
  /** Sort of the server when the address names none, shown in the head. */
  readonly sort?: { readonly by: string; readonly descending: boolean };
  /** As high as its rows instead of the rest of the window; for short lists. */
  readonly grow?: boolean;
}

/**
 * A table of which only the rows on screen exist, loaded while the user scrolls. Columns, order and the active row are in
 * the address; `j`, `k`, `x` and Enter work wherever the focus is, unless it is in a field.
 */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { label, list, columns, rowId, onOpen, bulk, keys, empty, tools, name = '', sort, grow = false } = props;
  const { t } = useTranslation();
  const [chosen, setChosen] = useUrlState(`${name}cols`);
  const [sortBy] = useUrlState(`${name}sort`, sort?.by ?? '');
  const [direction] = useUrlState(`${name}dir`, '');
  const [active, setActive] = useUrlState(`${name}row`);
  const setSearch = useSetSearch();
  const [selection, setSelection] = useState<RowSelectionState>({});
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => shownColumns(columns, chosen), [columns, chosen]);

  const definitions = useMemo<ColumnDef<typeof features, Row>[]>(
    () => columns.map(({ id, label: header }) => ({ id, header })),
    [columns],
  );
  const visibility = useMemo(() => Object.fromEntries(columns.map(({ id }) => [id, shown.has(id)])), [columns, shown]);
  const table = useTable({
    features,
    columns: definitions,
    data: list.rows,
    getRowId: rowId,
    state: { columnVisibility: visibility, rowSelection: selection },
    onRowSelectionChange: setSelection,
    enableRowSelection: bulk !== undefined,
  });
  const rows = table.getRowModel().rows;
  const visible = columns.filter(({ id }) => shown.has(id));
  const template = `${bulk === undefined ? '' : '2.5rem '}${visible.map(({ width }) => width).join(' ')}`;

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasMore, loadingMore, more } = list;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `more` is new in each render; the rest decides
  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - 20) more();
  }, [last, rows.length, hasMore, loadingMore]);

  const selected = rows.filter((row) => selection[row.id]).map(({ original }) => original);
  const clear = (): void => setSelection({});
  useRowKeys({
    rows: rows.map(({ original }) => original),
    ids: rows.map(({ id }) => id),
    active,
    setActive,
    selected,
    toggle: bulk === undefined ? undefined : (id) => setSelection((old) => toggled(old, id)),
    onOpen,
    keys,
    reveal: (index) => virtual.scrollToIndex(index),
    scroller,
  });

  const order = (column: Column<Row>): void => {
    const same = sortBy === column.sort;
    const now = direction === '' ? (sort?.by === sortBy ? (sort?.descending ? 'desc' : 'asc') : '') : direction;
    const first = column.ascendingFirst === true ? 'asc' : 'desc';
    const next = same ? (now === 'desc' ? 'asc' : 'desc') : first;
    setSearch({ [`${name}sort`]: column.sort, [`${name}dir`]: next });
  };
  const descending = direction === '' ? (sort?.descending ?? true) : direction === 'desc';
  const head = (
    <div role="row" className={classes.head} style={{ gridTemplateColumns: template }} aria-rowindex={1}>
      {bulk !== undefined && (
        <div role="columnheader" className={classes.check}>
          <input
            type="checkbox"
            aria-label={t('table.selectAll')}
            checked={rows.length > 0 && rows.every(({ id }) => selection[id])}
            onChange={(event) =>
              setSelection(
                event.currentTarget.checked ? Object.fromEntries(rows.map(({ id }) => [id, true as const])) : {},
              )
            }
          />
        </div>
      )}
      {visible.map((column) => (
        <HeadCell
          key={column.id}
          column={column}
          direction={
            column.sort !== undefined && column.sort === sortBy ? (descending ? 'descending' : 'ascending') : null
          }
          onSort={() => order(column)}
        />
      ))}
    </div>
  );
  // Rows that are on screen stay readable when asking for them again fails.
  if (list.error != null && rows.length === 0) return <ErrorState error={list.error} retry={list.retry} />;
  if (!list.loading && rows.length === 0) return empty;
  return (
    <div className={classes.frame} data-grow={grow || undefined}>
      <div className={classes.bar}>
        {selected.length > 0 && bulk !== undefined ? (
          <div className={classes.bulk}>
            <strong>{t('table.selected', { count: selected.length })}</strong>
            {bulk(selected, clear)}
            <button type="button" className={classes.link} onClick={clear}>
              {t('table.clearSelection')}
            </button>
          </div>
        ) : (
          <RowTotal list={list} />
        )}
        <div className={classes.tools}>
          {tools}
          <ColumnMenu columns={columns} shown={shown} onChange={(ids) => setChosen(ids.join(','))} />
        </div>
      </div>
      <div
        ref={scroller}
        className={classes.scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={(list.total ?? rows.length) + 1}
        aria-busy={list.loading || undefined}
        data-scroll-restoration-id={`${name}table`}
        tabIndex={rows.length === 0 ? 0 : -1}
      >
        {/* Head and rows in one box: their columns are equally wide even where the table is wider than the window. */}
        <div role="presentation" className={classes.content}>
          {head}
          {list.loading ? (
            <SkeletonRows columns={visible.length} template={template} />
          ) : (
            <div role="presentation" className={classes.body} style={{ height: virtual.getTotalSize() }}>
              {items.map((item) => {
                const row = rows[item.index];
                if (row === undefined) return null;
                const isActive = row.id === active || (active === '' && item.index === 0);
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: Enter opens the active row wherever the focus is
                  <div
                    key={row.id}
                    role="row"
                    aria-rowindex={item.index + 2}
                    aria-selected={bulk === undefined ? undefined : selection[row.id] === true}
                    className={classes.row}
                    data-active={row.id === active || undefined}
                    data-selected={selection[row.id] || undefined}
                    data-row={row.id}
                    tabIndex={isActive ? 0 : -1}
                    style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
                    onClick={(event) => {
                      if ((event.target as HTMLElement).closest('a,button,input,label') !== null) return;
                      if (window.getSelection()?.isCollapsed === false) return;
                      setActive(row.id);
                      onOpen?.(row.original);
                    }}
                  >
                    {bulk !== undefined && (
                      <div role="gridcell" className={classes.check}>
                        <input
                          type="checkbox"
                          tabIndex={-1}
                          aria-label={t('table.selectRow')}
                          checked={selection[row.id] === true}
                          onChange={() => setSelection((old) => toggled(old, row.id))}
                        />
                      </div>
                    )}
                    {visible.map((column) => (
                      <div
                        key={column.id}
                        role="gridcell"
                        className={classes.cell}
                        data-end={column.align === 'end' || undefined}
                      >
                        {column.cell(row.original)}
                      </div>
                    ))}
                  </div>
                );
              })}
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

function toggled(selection: RowSelectionState, id: string): RowSelectionState {
  const { [id]: on, ...rest } = selection;
  return on === true ? rest : { ...selection, [id]: true };
}
