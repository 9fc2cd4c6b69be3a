import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useChange } from '../feedback/use-change.ts';
import { decisionTouches } from '../ignore/touches.ts';
import { orderAgain } from './again.ts';

type Decision = Schema<'Decision'>;

/** Revokes decisions; taking it back makes the same decisions again. */
export function useRevoke() {
  const { t } = useTranslation('ignores');
  return useChange<readonly Decision[], readonly Decision[]>({
    run: async (decisions) => {
      const revoked: Decision[] = [];
      for (const decision of decisions) {
        try {
          await api.DELETE('/api/v1/decisions/{id}', { params: { path: { id: String(decision.id) } } });
          revoked.push(decision);
        } catch (error) {
          // What was revoked before has to be told, and to be taken back.
          if (revoked.length === 0) throw error;
          break;
        }
      }
      return revoked;
    },
    touches: decisionTouches,
    done: (revoked, asked) => ({
      text:
        revoked.length === asked.length
          ? t('revoked', { count: revoked.length })
          : t('revokedPart', { count: revoked.length, all: asked.length }),
      undo: async () => {
        for (const decision of revoked) await api.POST('/api/v1/decisions', { body: orderAgain(decision) });
      },
    }),
  });
}
