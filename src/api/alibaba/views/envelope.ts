import type { Page } from '../../../service/index.ts';
import type { Body } from '../action.ts';

/** `Code`, `Message`, `Success` and `HttpStatusCode` of the operations that have them. */
export const successEnvelope: Body = { Code: '200', Message: 'successful', Success: true, HttpStatusCode: 200 };

/** `Code`, `Message` and `Success` of the operations that have no more. */
export const successBody: Body = { Code: '200', Message: 'successful', Success: true };

/** An answer whose page is in `Data`. */
export function dataPage(
  { CurrentPage, PageSize }: { readonly CurrentPage: number; readonly PageSize: number },
  { total }: Pick<Page<unknown>, 'total'>,
  List: readonly object[],
): Body {
  return { ...successBody, Data: { List, PageInfo: { CurrentPage, PageSize, TotalCount: total } } };
}
