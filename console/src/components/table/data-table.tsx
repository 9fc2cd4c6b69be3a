import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSetSearch, useUrlState } from '../../app/url-state.ts';
import { ErrorState } from '../feedback/states.tsx';
import { ColumnMenu } from './column-menu.tsx';
import { type Column, shownColumns } from './columns.ts';
import { DataRow, type RowActions } from './data-row.tsx';
import classes from './data-table.module.css';
import { HeadCell } from './head-cell.tsx';
import { useRestoredScroll } from './restored-scroll.ts';
import { type RowKeys, useRowKeys } from './row-keys.ts';
import { RowTotal } from './row-total.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import type { List } from './use-list.ts';
import { useSelection } from './use-selection.ts';

const rowHeight = 44;

interface DataTableProps<Row> {
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
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, list, columns, rowId, onOpen, bulk, keys, empty, tools, name = '', sort, grow = false } = props;
  const { t } = useTranslation();
  const [chosen, setChosen] = useUrlState(`${name}cols`);
  const [sortBy] = useUrlState(`${name}sort`, sort?.by ?? '');
  const [direction] = useUrlState(`${name}dir`, '');
  const [active, setActive] = useUrlState(`${name}row`);
  const setSearch = useSetSearch();
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => shownColumns(columns, chosen), [columns, chosen]);

  const { rows } = list;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the id of a row is does not change
  const ids = useMemo(() => rows.map(rowId), [rows]);
  const selection = useSelection(ids);
  const visible = useMemo(() => columns.filter(({ id }) => shown.has(id)), [columns, shown]);
  const template = `${bulk === undefined ? '' : '2.5rem '}${visible.map(({ width }) => width).join(' ')}`;

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => ids[index] ?? index,
  });
  useRestoredScroll(`${name}table`, rows.length > 0, scroller);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasMore, loadingMore, more } = list;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `more` is new in each render; the rest decides
  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - 20) more();
  }, [last, rows.length, hasMore, loadingMore]);

  const selected = useMemo(
    () => (selection.count === 0 ? [] : rows.filter((_, index) => selection.has(ids[index] ?? ''))),
    [rows, ids, selection],
  );
  useRowKeys({
    ...{ rows, ids, active, setActive, selected, onOpen, keys, scroller },
    toggle: bulk === undefined ? undefined : selection.toggle,
    reveal: (index) => virtual.scrollToIndex(index),
  });
  const latest = useRef<RowActions<Row>>(null);
  latest.current = {
    toggle: selection.toggle,
    open(id, row) {
      setActive(id);
      onOpen?.(row);
    },
  };
  const actions = useMemo<RowActions<Row>>(
    () => ({ toggle: (id) => latest.current?.toggle(id), open: (id, row) => latest.current?.open(id, row) }),
    [],
  );

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
            checked={selection.all}
            onChange={(event) => selection.selectAll(event.currentTarget.checked)}
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
            {bulk(selected, selection.clear)}
            <button type="button" className={classes.link} onClick={selection.clear}>
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
                const id = ids[item.index] ?? '';
                return (
                  <DataRow
                    key={id}
                    {...{ id, row, template, actions, index: item.index, start: item.start, columns: visible }}
                    active={id === active}
                    tabbable={id === active || (active === '' && item.index === 0)}
                    selected={bulk === undefined ? null : selection.has(id)}
                    selectLabel={t('table.selectRow')}
                  />
                );
              })}
            </div>
          )}
        </div>
      </div>
    </div>
  );
}
