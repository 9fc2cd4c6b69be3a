import { useMemo, useState } from 'react';

/** Which rows of a list are selected, by their ids. */
export interface Selection {
  has(id: string): boolean;
  /** Whether every row that is loaded is selected. */
  readonly all: boolean;
  readonly count: number;
  toggle(id: string): void;
  selectAll(on: boolean): void;
  clear(): void;
}

/** Keeps a selection; ids of rows that the list does not have (any more) count as not selected. */
export function useSelection(ids: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(none);
  return useMemo(() => {
    const count = chosen.size === 0 ? 0 : ids.reduce((sum, id) => sum + (chosen.has(id) ? 1 : 0), 0);
    return {
      has: (id) => chosen.has(id),
      all: ids.length > 0 && count === ids.length,
      count,
      toggle: (id) =>
        setChosen((old) => {
          const next = new Set(old);
          if (!next.delete(id)) next.add(id);
          return next;
        }),
      selectAll: (on) => setChosen(on ? new Set(ids) : none),
      clear: () => setChosen(none),
    };
  }, [ids, chosen]);
}

const none: ReadonlySet<string> = new Set();
