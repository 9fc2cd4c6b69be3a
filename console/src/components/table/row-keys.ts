import { type RefObject, useEffect, useRef } from 'react';

/** What single keys do with rows: `f`, `i`. */
export type RowKeys<Row> = Readonly<Record<string, (rows: readonly Row[]) => void>>;

interface RowKeyOptions<Row> {
  readonly rows: readonly Row[];
  readonly ids: readonly string[];
  readonly active: string;
  readonly setActive: (id: string) => void;
  readonly selected: readonly Row[];
  readonly toggle: ((id: string) => void) | undefined;
  readonly onOpen: ((row: Row) => void) | undefined;
  readonly keys: RowKeys<Row> | undefined;
  readonly reveal: (index: number) => void;
  readonly scroller: RefObject<HTMLDivElement | null>;
}

/** Whether a key belongs to somebody else: a field, a dialog, a menu. */
export function keyIsTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (
    target?.closest('input:not([type=checkbox]),textarea,select,[contenteditable],[role=menu],[role=listbox]') != null
  )
    return true;
  return document.querySelector('[role=dialog][aria-modal=true]') !== null;
}

/** `j` and `k` (and arrows inside of the table) move the active row, `x` selects it, Enter opens it. */
export function useRowKeys<Row>(options: RowKeyOptions<Row>): void {
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { rows, ids, active, setActive, selected, toggle, onOpen, keys, reveal, scroller } = latest.current;
      if (keyIsTaken(event) || rows.length === 0 || scroller.current === null) return;
      const target = event.target as HTMLElement;
      const inside = scroller.current.contains(target);
      const index = ids.indexOf(active);
      const row = rows[index];
      const go = (to: number): void => {
        const next = Math.min(rows.length - 1, Math.max(0, to));
        const id = ids[next];
        if (id === undefined) return;
        event.preventDefault();
        setActive(id);
        reveal(next);
        requestAnimationFrame(() => {
          requestAnimationFrame(() => {
            scroller.current
              ?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)
              ?.focus({ preventScroll: true });
          });
        });
      };
      const { key } = event;
      if (key === 'j' || (inside && key === 'ArrowDown')) go(index + 1);
      else if (key === 'k' || (inside && key === 'ArrowUp')) go(index < 0 ? 0 : index - 1);
      else if (inside && key === 'Home') go(0);
      else if (inside && key === 'End') go(rows.length - 1);
      else if (key === 'x' && toggle !== undefined && index >= 0) {
        event.preventDefault();
        toggle(ids[index] ?? '');
      } else if (key === 'Enter' && row !== undefined && target.closest('a,button,summary,input') === null) {
        event.preventDefault();
        onOpen?.(row);
      } else if (keys?.[key] !== undefined) {
        const chosen = selected.length > 0 ? selected : row === undefined ? [] : [row];
        event.preventDefault();
        keys[key]?.(chosen);
      }
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, []);
}
