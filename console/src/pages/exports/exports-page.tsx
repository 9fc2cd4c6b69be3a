import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { Page } from '../../components/page/page.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { isUnderWay } from './export-state.tsx';
import { useExportTableColumns } from './export-table-columns.tsx';
import { NewExport } from './new-export.tsx';

const lookMs = 1000;

/** Exports, newest first; those that are being written are followed. */
export function ExportsPage() {
  const { t } = useTranslation('exports');
  const { may } = useSession();
  const client = useQueryClient();
  const [ordering, setOrdering] = useUrlState('new');
  const list = usePagedList('/api/v1/exports', {});
  const running = list.rows.some(isUnderWay);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => {
      client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === '/api/v1/exports' });
    }, lookMs);
    return () => clearInterval(timer);
  }, [running, client]);
  const columns = useExportTableColumns();
  const mayOrder = may('drydock:export:write');
  const order = (variant: 'filled' | 'default') =>
    mayOrder && (
      <Button
        variant={variant}
        leftSection={<IconPlus size={16} />}
        onClick={() => setOrdering('findings', { push: true })}
      >
        {t('new')}
      </Button>
    );
  return (
    <Page title={t('title')} subtitle={t('subtitle')} fill actions={order('filled')}>
      <DataTable
        label={t('title')}
        list={list}
        columns={columns}
        rowId={({ id }) => id}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={order('default')} />}
      />
      {mayOrder && <NewExport opened={ordering !== ''} close={() => setOrdering('')} />}
    </Page>
  );
}
