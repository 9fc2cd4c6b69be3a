import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useGo } from '../../app/go.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { useImageColumns } from '../images/image-columns.tsx';

const shown = ['image', 'vulnerabilities', 'fixable', 'scan', 'scanned', 'registry', 'digest'];

/** Images that hold a package, whether something is known against it or not. */
export function PackageImages({ name, version }: { readonly name: string; readonly version: string }) {
  const { t } = useTranslation('packages');
  const go = useGo();
  const list = usePagedList('/api/v1/packages/images', { query: { name, version } });
  const base = useImageColumns();
  // The route knows one order.
  const columns = useMemo(
    () => base.filter(({ id }) => shown.includes(id)).map(({ sort: _sort, ...column }) => column),
    [base],
  );
  return (
    <DataTable
      label={t('tab.images')}
      name="img"
      list={list}
      columns={columns}
      rowId={({ uuid }) => uuid}
      onOpen={({ uuid }) => go(`/images/${uuid}`)}
      grow
      empty={<EmptyState title={t('noImages')} hint={t('noImagesHint')} />}
    />
  );
}
