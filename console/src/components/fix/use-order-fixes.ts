import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { inPieces } from '../../api/in-pieces.ts';
import { useGo } from '../../app/go.ts';
import { useErrorText } from '../feedback/states.tsx';
import { useChange } from '../feedback/use-change.ts';

type Order = Schema<'FixOrderInput'>;

/** Images of one request (docs/api/native.md). */
const mostOrders = 100;

/** How many orders were taken, and what went wrong with the rest. */
interface Ordered {
  readonly ordered: number;
  readonly error: unknown;
}

async function orderAll(orders: readonly Order[]): Promise<Ordered> {
  let ordered = 0;
  for (const piece of inPieces(orders, mostOrders)) {
    try {
      const { data } = await api.POST('/api/v1/fixes', { body: { orders: [...piece] } });
      ordered += data?.items.length ?? 0;
    } catch (error) {
      // What was taken before is under way and has to be told.
      if (ordered === 0) throw error;
      return { ordered, error };
    }
  }
  return { ordered, error: null };
}

/** Orders fixes of several images, in as many requests as are needed; each is checked as a whole. */
export function useOrderFixes(after: () => void) {
  const { t } = useTranslation('fixing');
  const go = useGo();
  const errorText = useErrorText();
  return useChange<readonly Order[], Ordered>({
    run: orderAll,
    touches: ['/api/v1/fixes', '/api/v1/findings', '/api/v1/images'],
    done: ({ ordered, error }) => ({
      text:
        error === null
          ? t('ordered', { count: ordered })
          : `${t('ordered', { count: ordered })} ${t('orderedPart', { detail: errorText(error) })}`,
      open: { label: t('watch'), run: () => go('/fixes') },
    }),
    after,
    quiet: true,
  });
}
