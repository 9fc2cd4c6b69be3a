import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useChange } from '../../components/feedback/use-change.ts';
import { decisionTouches } from '../../components/ignore/touches.ts';
import type { StatusChange, StatusOrder } from './status-orders.ts';

const send = async (body: StatusOrder) => (await api.POST('/api/v1/risks/status', { body })).data;

/** Decides on findings of risks, or opens them again; the toast takes it back. */
export function useRiskStatus() {
  const { t } = useTranslation('risks');
  return useChange<StatusChange, unknown>({
    run: ({ order }) => send(order),
    touches: decisionTouches,
    done: (_made, { order, undo, count }) => ({
      text: t(`done.${order.status}`, { count }),
      undo: async () => {
        for (const back of undo) await send(back);
      },
    }),
  });
}
