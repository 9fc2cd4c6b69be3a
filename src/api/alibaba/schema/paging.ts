import type { Page, PageRequest } from '../../../service/index.ts';
import { invalid } from '../errors.ts';
import { type Parameter, whole } from './parameter.ts';

/** Rows that a page may have. */
export const maxPageSize = 1000;

function defaulted(parameter: Parameter<number | undefined>, value: number): Parameter<number> {
  return { ...parameter, read: (raw, name) => parameter.read(raw, name) ?? value };
}

/** `CurrentPage` and `PageSize`; both have defaults, also where the vendor calls them required. */
export function paging(pageSize = 20): { CurrentPage: Parameter<number>; PageSize: Parameter<number> } {
  return { CurrentPage: defaulted(whole(1), 1), PageSize: defaulted(whole(1, maxPageSize), pageSize) };
}

/** A page as requests ask for it. */
export interface Paging {
  readonly CurrentPage: number;
  readonly PageSize: number;
}

/** The rows that a page asks for. @throws RpcError `InvalidCurrentPage` beyond all that can be counted */
export function pageRequest({ CurrentPage, PageSize }: Paging): PageRequest {
  const offset = (CurrentPage - 1) * PageSize;
  if (!Number.isSafeInteger(offset)) throw invalid('CurrentPage');
  return { offset, limit: PageSize };
}

/** `PageInfo` of an answer. */
export function pageInfo(
  { CurrentPage, PageSize }: Paging,
  page: Pick<Page<unknown>, 'total' | 'rows'>,
): Readonly<Record<string, number>> {
  return { CurrentPage, PageSize, TotalCount: page.total, Count: page.rows.length };
}

/** Paging fields of operations that have them at top level. */
export function flatPaging(
  { CurrentPage, PageSize }: Paging,
  page: Pick<Page<unknown>, 'total'>,
): Readonly<Record<string, number>> {
  return { CurrentPage, PageSize, TotalCount: page.total };
}

/** The page of a selection that holds nothing. */
export const emptyPage: Page<never> = { rows: [], total: 0, totalIsBound: false, next: null };
