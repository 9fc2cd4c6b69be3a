import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { Page } from '../../components/page/page.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { useRegistryColumns } from './registry-columns.tsx';

/** All registries with how they are. */
export function RegistriesPage() {
  const { t } = useTranslation('registries');
  const { may } = useSession();
  const go = useGo();
  const list = usePagedList('/api/v1/registries', {});
  const columns = useRegistryColumns();
  const add = may('drydock:registry:write') ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => go('/registries/new')}>
      {t('add')}
    </Button>
  ) : undefined;
  return (
    <Page title={t('title')} subtitle={t('subtitle')} actions={add} fill>
      <DataTable
        label={t('title')}
        list={list}
        columns={columns}
        rowId={({ id }) => String(id)}
        onOpen={({ id }) => go(`/registries/${id}`)}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
      />
    </Page>
  );
}
