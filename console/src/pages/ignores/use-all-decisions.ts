import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, type Schema } from '../../api/client.ts';
import { soonestFirst } from '../../components/decision/again.ts';
import type { List } from '../../components/table/use-list.ts';

type Decision = Schema<'Decision'>;
type Kind = Decision['kind'];

/** More decisions than these are not ordered by their end; the total tells how many there are. */
const most = 10_000;

interface Asked {
  readonly kind: Kind | undefined;
  readonly text: string;
  readonly source: string;
}

async function allOf(asked: Asked, signal: AbortSignal): Promise<{ rows: readonly Decision[]; total: number }> {
  const rows: Decision[] = [];
  let total = 0;
  for (let cursor: string | null | undefined; cursor !== null && rows.length < most; ) {
    const query = {
      limit: '500',
      ...(asked.kind === undefined ? {} : { kind: asked.kind }),
      ...(asked.text === '' ? {} : { text: asked.text }),
      ...(asked.source === '' ? {} : { source: asked.source }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const { data } = await api.GET('/api/v1/decisions', { params: { query }, signal });
    rows.push(...(data?.items ?? []));
    total = data?.total ?? rows.length;
    cursor = data?.next ?? null;
  }
  return { rows: soonestFirst(rows), total };
}

/** All decisions in force that are asked for, those that end soonest first: the route has no such order. */
export function useAllDecisions(asked: Asked): List<Decision> {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['get', '/api/v1/decisions', 'all', asked],
    queryFn: ({ signal }) => allOf(asked, signal),
    placeholderData: keepPreviousData,
  });
  return {
    rows: data?.rows ?? none,
    total: data?.total ?? null,
    bound: false,
    loading: isPending,
    loadingMore: false,
    hasMore: false,
    error: data === undefined ? error : null,
    more: () => {},
    retry: () => void refetch(),
  };
}

const none: readonly Decision[] = [];
