import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { useErrorText } from '../feedback/states.tsx';
import classes from './ignore.module.css';

type Order = Omit<Schema<'NewDecisionInput'>, 'reason'>;

const settleMs = 300;
const nothing: Order = { scope: { kind: 'global' } };

/** How many findings and images a decision would handle, as it is being written. */
export function IgnorePreview({ order }: { readonly order: Order | null }) {
  const { t } = useTranslation('ignores');
  const errorText = useErrorText();
  // As text, so that an equal order is the same value.
  const [text] = useDebouncedValue(order === null ? '' : JSON.stringify(order), settleMs);
  const asked = text === '' ? nothing : (JSON.parse(text) as Order);
  const { data, error, isFetching } = $api.useQuery(
    'post',
    '/api/v1/decisions/preview',
    // The reason does not change what is handled, but it has to be there.
    { body: { ...asked, reason: 'preview' } },
    { enabled: text !== '', placeholderData: keepPreviousData, staleTime: 0 },
  );
  const shown = order === null || data === undefined ? null : data;
  return (
    <div className={classes.preview} role="status" aria-live="polite" data-old={isFetching || undefined}>
      {order === null && <span>{t('preview.incomplete')}</span>}
      {order !== null && error !== null && <span className={classes.error}>{errorText(error)}</span>}
      {order !== null && error === null && shown === null && <span className={classes.wait} />}
      {shown !== null && error === null && (
        <span>
          {shown.findings === 0
            ? t('preview.none')
            : t('preview.both', {
                findings: t('preview.findings', { count: shown.findings }),
                images: t('preview.images', { count: shown.images }),
              })}
        </span>
      )}
    </div>
  );
}
