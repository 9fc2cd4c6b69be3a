import { useTranslation } from 'react-i18next';
import type { List } from './use-list.ts';

/** How many rows a list has: the number that an export of it has too. */
export function RowTotal({ list }: { readonly list: List<unknown> }) {
  const { t } = useTranslation();
  if (list.total === null) return <span>{t('loading')}…</span>;
  const words = list.bound ? t('table.rowsAtLeast', { count: list.total }) : t('table.rows', { count: list.total });
  return (
    <span className="num" data-testid="row-total" data-total={list.total}>
      {words}
      {list.loadingMore ? ` · ${t('table.loadingMore')}…` : ''}
    </span>
  );
}
