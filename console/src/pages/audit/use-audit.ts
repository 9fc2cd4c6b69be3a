import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, type Schema } from '../../api/client.ts';
import type { List } from '../../components/table/use-list.ts';

/** One entry of the log. */
export type AuditEntry = Schema<'AuditEntry'>;

type Page = { readonly items: readonly AuditEntry[]; readonly next: number | null };

/** What is looked for; empty texts ask for everything. `action` and `object` may end with `*`. */
export interface AuditFilter {
  readonly user: string;
  readonly action: string;
  readonly object: string;
}

const pageSize = 200;

/**
 * Entries that match, the newest first; the route pages by the number of the last entry and counts nothing.
 * @param entries how many there are in all, once that is known
 */
export function useAudit(filter: AuditFilter, entries: number | undefined): List<AuditEntry> {
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
  const answer = useInfiniteQuery<Page, unknown, InfiniteData<Page>, readonly unknown[], number | null>({
    queryKey: ['get', '/api/v1/audit', asked, 'pages'],
    queryFn: async ({ pageParam, signal }) => {
      const before = pageParam === null ? {} : { before: String(pageParam) };
      const query = { ...asked, ...before, limit: String(pageSize) };
      const { data } = await api.GET('/api/v1/audit', { params: { query }, signal });
      return data ?? { items: [], next: null };
    },
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    placeholderData: (old) => old,
  });
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = answer;
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const all = Object.keys(asked).length === 0 ? entries : undefined;
  return {
    rows,
    total: data === undefined ? null : Math.max(all ?? 0, rows.length),
    bound: all === undefined && hasNextPage,
    loading: isPending,
    loadingMore: isFetchingNextPage,
    hasMore: hasNextPage,
    error,
    more: () => void fetchNextPage(),
    retry: () => void refetch(),
  };
}
