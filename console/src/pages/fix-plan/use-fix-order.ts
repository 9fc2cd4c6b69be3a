import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { newKey } from '../../api/idempotency.ts';
import { useGo } from '../../app/go.ts';
import { useErrorText } from '../../components/feedback/states.tsx';
import { toast } from '../../components/feedback/toasts.tsx';
import { useChange } from '../../components/feedback/use-change.ts';

/** Orders fixes, one at a time. */
export interface FixOrdering {
  readonly pending: boolean;
  /** What the server has against the tag. */
  readonly tagError: string | null;
  order(tag: string): void;
  /** The user changes the tag: what was said of the old one is over. */
  clear(): void;
}

/**
 * Orders exactly what a plan shows. A second click, a lost answer and another window make no second task: while an order
 * is under way there is none beside it, its repetition has its key, and the same order is answered with its task.
 */
export function useFixOrder(plan: Schema<'FixPlanDetail'>): FixOrdering {
  const { t } = useTranslation('plan');
  const go = useGo();
  const text = useErrorText();
  const key = useRef<{ readonly of: string; readonly value: string } | null>(null);
  const change = useChange<string, Schema<'Fix'> | undefined>({
    run: async (tag) => {
      const of = `${plan.id} ${tag}`;
      if (key.current?.of !== of) key.current = { of, value: newKey() };
      const { data } = await api.POST('/api/v1/fixes', {
        params: { header: { 'Idempotency-Key': key.current.value } },
        body: { orders: [{ ...plan.order, newTag: tag }] },
      });
      return data?.items[0];
    },
    touches: ['/api/v1/fixes', '/api/v1/images'],
    done: () => ({ text: t('ordered') }),
    after: (fix) => void (fix && go(`/fixes/${fix.id}`)),
    quiet: true,
  });
  const { error } = change;
  const aboutTag = error instanceof ApiError && error.field?.endsWith('newTag') === true;
  return {
    pending: change.isPending,
    tagError: aboutTag ? text(error) : null,
    order(tag) {
      if (change.isPending) return;
      change.mutate(tag, {
        onError(failure) {
          // What was refused is not repeated with the next attempt; what got no answer is.
          if (!(failure instanceof ApiError) || !failure.temporary) key.current = null;
          const known = failure instanceof ApiError && failure.field?.endsWith('newTag') === true;
          if (!known) toast(text(failure), { bad: true });
        },
      });
    },
    clear: () => change.reset(),
  };
}
