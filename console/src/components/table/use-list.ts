import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import type { PathsWithMethod } from 'openapi-typescript-helpers';
import { useMemo } from 'react';
import { api } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';

/** A page of a list as the API gives it. */
export interface ListPage<Row> {
  readonly items: readonly Row[];
  readonly total?: number;
  readonly totalIsBound?: boolean;
  readonly next?: string | null;
}

/** What a table needs to know of a list that is loaded page by page. */
export interface List<Row> {
  readonly rows: readonly Row[];
  /** Rows that match; null until known. */
  readonly total: number | null;
  /** `total` says "at least". */
  readonly bound: boolean;
  readonly loading: boolean;
  readonly loadingMore: boolean;
  readonly hasMore: boolean;
  readonly error: unknown;
  more(): void;
  retry(): void;
}

type ListPath = PathsWithMethod<paths, 'get'>;
type AnswerOf<P extends ListPath> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer Answer } } } };
}
  ? Answer
  : never;
type RowOf<P extends ListPath> = AnswerOf<P> extends { items: readonly (infer Row)[] } ? Row : never;
type ParamsOf<P extends ListPath> = paths[P] extends { get: { parameters: infer Params } } ? Params : never;
type QueryOf<P extends ListPath> = ParamsOf<P> extends { query?: infer Query } ? Query : never;
type PathOf<P extends ListPath> =
  ParamsOf<P> extends { path: infer Path } ? { readonly path: Path } : { readonly path?: never };

/**
 * Rows of a list whose pages are loaded while the user scrolls. `enabled: false` asks nothing yet. Members of the query that
 * are empty texts are left out.
 */
export function usePagedList<P extends ListPath>(
  address: P,
  asked: {
    readonly query?: QueryOf<P>;
    readonly enabled?: boolean;
    readonly refetchInterval?: number | false;
  } & PathOf<P>,
): List<RowOf<P>> {
  const {
    query = {},
    path = {},
    enabled = true,
    refetchInterval = false,
  } = asked as {
    query?: Record<string, unknown>;
    path?: Record<string, string>;
    enabled?: boolean;
    refetchInterval?: number | false;
  };
  const filled = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== ''));
  const params = { path, query: { limit: '200', ...filled } };
  const answer = useInfiniteQuery<
    ListPage<RowOf<P>>,
    unknown,
    InfiniteData<ListPage<RowOf<P>>>,
    readonly unknown[],
    string | null
  >({
    queryKey: ['get', address, { params }, 'pages'],
    queryFn: async ({ pageParam, signal }) => {
      const init = {
        params: { ...params, query: { ...params.query, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        signal,
      };
      const { data } = await api.GET(address, init as never);
      return data as never;
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.next ?? null,
    enabled,
    refetchInterval,
    // Another filter keeps the old rows on screen until the new ones are there: nothing jumps.
    placeholderData: (old, before) => (before?.queryKey[1] === address ? old : undefined),
  });
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = answer;
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const first = data?.pages[0];
  return {
    rows,
    total: first === undefined ? null : (first.total ?? rows.length),
    bound: first?.totalIsBound ?? false,
    loading: isPending,
    loadingMore: isFetchingNextPage,
    hasMore: hasNextPage,
    error,
    more: () => void fetchNextPage(),
    retry: () => void refetch(),
  };
}

/** The same for a list that comes at once. */
export function useWholeList<Row>(query: {
  readonly data: readonly Row[] | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  refetch(): unknown;
}): List<Row> {
  return {
    rows: query.data ?? none,
    total: query.data?.length ?? null,
    bound: false,
    loading: query.isPending,
    loadingMore: false,
    hasMore: false,
    error: query.data === undefined ? query.error : null,
    more: () => {},
    retry: () => void query.refetch(),
  };
}

const none: readonly never[] = [];
