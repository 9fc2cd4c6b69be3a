import { useQuery } from '@tanstack/react-query';
import { $api, api, type Schema } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';

type Order = Schema<'FixOrderInput'>;

/** How often a plan in the making is asked for; its events come besides. */
const liveMs = 1000;

/** A plan as the page follows it. */
export interface FollowedPlan {
  readonly plan: Schema<'FixPlanDetail'> | null;
  /** The server has no planning. */
  readonly unavailable: boolean;
  /** The order was refused, or the plan cannot be read. */
  readonly error: unknown;
  /** A plan is being ordered anew. */
  readonly ordering: boolean;
  again(): void;
}

/**
 * Orders the plan of an order and follows it. The same order gives the plan that exists, so opening the page twice, or
 * reloading it, makes one plan. Nothing is ordered anew unless the user asks for it (`again`).
 */
export function usePlan(order: Order, enabled: boolean): FollowedPlan {
  const ordered = useQuery({
    // Not below the path of the API: events must not order anything.
    queryKey: ['fix plan of', order],
    queryFn: async () => (await api.POST('/api/v1/fix-plans', { body: order })).data ?? null,
    staleTime: 'static',
    enabled,
    retry: (count, error) => error instanceof ApiError && error.temporary && count < 2,
  });
  const id = ordered.data?.id ?? '';
  const followed = $api.useQuery(
    'get',
    '/api/v1/fix-plans/{id}',
    { params: { path: { id } } },
    {
      enabled: id !== '',
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data.state) ? liveMs : false),
    },
  );
  const { error } = ordered;
  const unavailable = error instanceof ApiError && error.status === 404;
  return {
    plan: followed.data ?? null,
    unavailable,
    error: unavailable ? null : (error ?? (followed.data === undefined ? followed.error : null)),
    ordering: ordered.isFetching,
    again: () => void ordered.refetch(),
  };
}

/** Whether a plan is still being made. */
export function isUnderWay(state: Schema<'FixPlan'>['state']): boolean {
  return state === 'queued' || state === 'running';
}
