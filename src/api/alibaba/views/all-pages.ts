import type { Page, PageRequest } from '../../../service/index.ts';

/** Rows of all pages, for answers without paging; ends with an error instead of leaving rows out. */
export async function allRows<T>(read: (page: PageRequest) => Promise<Page<T>>, max = 100_000): Promise<T[]> {
  const rows: T[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page<T> = await read({ after, limit: 1000 });
    rows.push(...page.rows);
    if (page.next === null || page.rows.length === 0) return rows;
    if (rows.length > max) throw new Error(`more than ${max} rows for one answer`);
    after = page.next;
  }
}
