import { Button } from '@mantine/core';
import { IconRadar2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { ExportButton } from '../../components/export/export-button.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { Page } from '../../components/page/page.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../components/table/filtered-empty.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { useImageColumns } from './image-columns.tsx';
import { ImageFacets } from './image-facets.tsx';

type Image = Schema<'Image'>;

/** All images, the worst first; filter, order and columns are in the address. */
export function ImagesPage() {
  const { t } = useTranslation('images');
  const { may } = useSession();
  const go = useGo();
  const [q] = useUrlState('q');
  const [sort] = useUrlState('sort', 'worst');
  const [direction] = useUrlState('dir');
  const list = usePagedList('/api/v1/images', {
    query: {
      q,
      sort: sort as 'worst',
      ...(direction === '' ? {} : { descending: direction === 'desc' ? 'true' : 'false' }),
    },
  });
  const columns = useImageColumns();
  const scan = useChange<readonly Image[], Schema<'Scan'> | undefined>({
    run: async (images) =>
      (await api.POST('/api/v1/scans', { body: { uuids: images.map(({ uuid }) => uuid), force: true } })).data,
    touches: ['/api/v1/scans', '/api/v1/images'],
    done: (made, images) => ({
      text: t('scanOrdered', { count: images.length }),
      ...(made === undefined ? {} : { open: { label: t('openScan'), run: () => go(`/scans/${made.id}`) } }),
    }),
  });
  const mayScan = may('drydock:scan:start');
  return (
    <Page title={t('title')} subtitle={t('subtitle')} fill>
      <FilterBar error={list.error}>
        <ImageFacets filter={q} />
      </FilterBar>
      <DataTable
        label={t('title')}
        list={list}
        columns={columns}
        rowId={({ uuid }) => uuid}
        onOpen={({ uuid }) => go(`/images/${uuid}`)}
        sort={{ by: 'worst', descending: true }}
        keys={{ f: ([image]) => image !== undefined && go(`/images/${image.uuid}/fix`) }}
        tools={<ExportButton subject="images" filter={q} />}
        {...(mayScan
          ? {
              bulk: (rows: readonly Image[], clear: () => void) => (
                <Button
                  size="compact-sm"
                  variant="light"
                  leftSection={<IconRadar2 size={15} />}
                  loading={scan.isPending}
                  onClick={() => scan.mutate(rows, { onSuccess: clear })}
                >
                  {t('scan')}
                </Button>
              ),
            }
          : {})}
        empty={
          <FilteredEmpty filter={q}>
            <EmptyState
              title={t('empty')}
              hint={t('emptyHint')}
              action={may('drydock:registry:write') ? <Link to="/registries/new">{t('addRegistry')}</Link> : undefined}
            />
          </FilteredEmpty>
        }
      />
    </Page>
  );
}
