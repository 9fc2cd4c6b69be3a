import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { useWholeList } from '../../components/table/use-list.ts';
import { packageSearch, usePackageColumns } from './package-columns.tsx';

type EstatePackage = Schema<'EstatePackage'>;

/** Every version of a package; the route finds parts of names, so that what is only similar is left out here. */
async function versionsOf(name: string, signal: AbortSignal): Promise<readonly EstatePackage[]> {
  const found: EstatePackage[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { name, limit: '500', ...(cursor === undefined ? {} : { cursor }) };
    const { data } = await api.GET('/api/v1/packages', { params: { query }, signal });
    found.push(...(data?.items ?? []).filter((one) => one.name === name));
    cursor = data?.next ?? null;
  }
  return found;
}

/** Versions of a package that are in the estate. */
export function PackageVersions({ name }: { readonly name: string }) {
  const { t } = useTranslation('packages');
  const go = useGo();
  const list = useWholeList(
    useQuery({
      queryKey: ['get', '/api/v1/packages', 'versions', name],
      queryFn: ({ signal }) => versionsOf(name, signal),
    }),
  );
  const columns = usePackageColumns();
  return (
    <DataTable
      label={t('tab.versions')}
      name="ver"
      list={list}
      columns={columns}
      rowId={({ purl }) => purl}
      onOpen={(row) => go('/packages/view', packageSearch(row))}
      grow
      empty={<EmptyState title={t('noImages')} hint={t('noImagesHint')} />}
    />
  );
}
