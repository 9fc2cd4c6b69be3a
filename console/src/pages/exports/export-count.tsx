import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useErrorText } from '../../components/feedback/states.tsx';
import type { RowKind } from './export-columns.ts';
import classes from './exports.module.css';

interface ExportCountProps {
  readonly rows: RowKind;
  readonly filter: string;
  readonly limit: number | '';
}

const settleMs = 300;

/** How many rows the file will have, as the filter is being written. */
export function ExportCount({ rows, filter, limit }: ExportCountProps) {
  const { t } = useTranslation('exports');
  const errorText = useErrorText();
  const [q] = useDebouncedValue(filter.trim(), settleMs);
  const ofImages = rows === 'images';
  const filterQuery = q === '' ? {} : { q };
  const images = $api.useQuery(
    'get',
    '/api/v1/images',
    { params: { query: { ...filterQuery, limit: '1' } } },
    { enabled: ofImages, placeholderData: keepPreviousData },
  );
  const findings = $api.useQuery(
    'get',
    '/api/v1/findings/count',
    { params: { query: { ...filterQuery, grain: ofImages ? 'finding' : rows } } },
    { enabled: !ofImages, placeholderData: keepPreviousData },
  );
  const { error, isFetching } = ofImages ? images : findings;
  const matched = ofImages ? images.data?.total : findings.data?.count;
  const all = limit === '' || matched === undefined ? matched : Math.min(limit, matched);
  return (
    <div className={classes.count} role="status" aria-live="polite" data-bad={error !== null || undefined}>
      {error !== null && errorText(error)}
      {error === null && all === undefined && '…'}
      {error === null && all !== undefined && matched !== undefined && (
        <span className={isFetching ? classes.old : ''}>
          {t('willHave', { count: all })}
          {matched > all && ` ${t('leftOut', { count: matched - all })}`}
        </span>
      )}
    </div>
  );
}
