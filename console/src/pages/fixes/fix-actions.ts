import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { useChange } from '../../components/feedback/use-change.ts';

type Fix = Schema<'Fix'>;

/** Whether a task can be stopped. */
export function canCancel({ status }: Fix): boolean {
  return status === 'running';
}

/** Whether the work of a task can be ordered once more. */
export function canRetry({ status }: Fix): boolean {
  return status === 'failed' || status === 'cancelled' || status === 'partial';
}

const touches = ['/api/v1/fixes', '/api/v1/images'];

/** Stops fixes; what was stopped can be ordered again right there. */
export function useCancelFixes() {
  const { t } = useTranslation('fixes');
  const retry = useRetryFixes();
  return useChange<readonly Fix[]>({
    run: (fixes) =>
      Promise.all(fixes.map(({ id }) => api.POST('/api/v1/fixes/{id}/cancel', { params: { path: { id } }, body: {} }))),
    touches,
    done: (_, fixes) => ({
      text: t('cancelled', { count: fixes.length }),
      open: { label: t('retry'), run: () => retry.mutate(fixes) },
    }),
  });
}

/** Orders the work of fixes that have ended once more. */
export function useRetryFixes() {
  const { t } = useTranslation('fixes');
  const go = useGo();
  return useChange<readonly Fix[], readonly Fix[]>({
    run: async (fixes) => {
      const again = await Promise.all(
        fixes.map(({ id }) => api.POST('/api/v1/fixes/{id}/retry', { params: { path: { id } }, body: {} })),
      );
      return again.flatMap(({ data }) => (data === undefined ? [] : [data]));
    },
    touches,
    done: (again) => ({
      text: t('retried', { count: again.length }),
      open: { label: t('open'), run: () => go(again.length === 1 ? `/fixes/${again[0]?.id}` : '/fixes') },
    }),
  });
}
