import type { PageRequest } from '../../../service/index.ts';
import type { QueryInput } from './query.ts';

/** `offset` and `limit` of a list. `required`: some operations insist on both. @throws HuaweiRefusal `HSS.0001` */
export function pageOf(query: QueryInput, required = false): Extract<PageRequest, { offset: number }> {
  const offset = query.integer('offset', 0, 2_000_000);
  const limit = query.integer('limit', 1, 200);
  if (required) {
    query.need('offset', offset);
    query.need('limit', limit);
  }
  return { offset: offset ?? 0, limit: limit ?? 10 };
}
