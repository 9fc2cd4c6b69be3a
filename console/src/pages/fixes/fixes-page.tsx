import { Button } from '@mantine/core';
import { IconPlayerStop, IconRefresh, IconRepeat, IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { useSetSearch, useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { Page } from '../../components/page/page.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { canCancel, canRetry, useCancelFixes, useRetryFixes } from './fix-actions.ts';
import { FixBoard } from './fix-board.tsx';
import { useFixColumns } from './fix-columns.tsx';
import { FixFilters, useFixFilter } from './fix-filters.tsx';

type Fix = Schema<'Fix'>;

/** How often a list is asked for while something in it is at work. */
const liveMs = 1000;

/** All fixes, the newest first, as a table or by state; follows what is at work. */
export function FixesPage() {
  const { t } = useTranslation('fixes');
  const { may } = useSession();
  const [view] = useUrlState('view');
  const board = view === 'board';
  return (
    <Page
      title={t('title')}
      subtitle={t('subtitle')}
      fill
      actions={
        may('drydock:fix:read') && (
          <Button component={Link} to="/fixes/automatic" variant="default" leftSection={<IconRepeat size={16} />}>
            {t('automatic')}
          </Button>
        )
      }
    >
      <FixFilters board={board} />
      {board ? <FixBoard /> : <FixTable />}
    </Page>
  );
}

function FixTable() {
  const { t } = useTranslation('fixes');
  const { may } = useSession();
  const go = useGo();
  const { status, image, from } = useFixFilter();
  const query = { status, image, from };
  const running = usePagedList('/api/v1/fixes', { query: { status: 'running', limit: '1' } });
  const list = usePagedList('/api/v1/fixes', {
    query,
    refetchInterval: (running.total ?? 0) > 0 ? liveMs : false,
  });
  const columns = useFixColumns();
  const cancel = useCancelFixes();
  const retry = useRetryFixes();
  const mayCancel = may('drydock:fix:cancel');
  const mayStart = may('drydock:fix:start');
  const bulk = (rows: readonly Fix[], clear: () => void) => (
    <>
      {mayCancel && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconPlayerStop size={15} />}
          disabled={!rows.some(canCancel)}
          loading={cancel.isPending}
          onClick={() => cancel.mutate(rows.filter(canCancel), { onSuccess: clear })}
        >
          {t('cancelSelected')}
        </Button>
      )}
      {mayStart && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconRefresh size={15} />}
          disabled={!rows.some(canRetry)}
          loading={retry.isPending}
          onClick={() => retry.mutate(rows.filter(canRetry), { onSuccess: clear })}
        >
          {t('retrySelected')}
        </Button>
      )}
    </>
  );
  return (
    <DataTable
      label={t('title')}
      list={list}
      columns={columns}
      rowId={({ id }) => id}
      onOpen={({ id }) => go(`/fixes/${id}`)}
      {...(mayCancel || mayStart ? { bulk } : {})}
      empty={<NoFixes filtered={status !== '' || image !== '' || from !== ''} />}
    />
  );
}

function NoFixes({ filtered }: { readonly filtered: boolean }) {
  const { t } = useTranslation('fixes');
  const setSearch = useSetSearch();
  if (filtered) {
    return (
      <EmptyState
        title={t('emptyFiltered')}
        hint={t('emptyFilteredHint')}
        action={
          <Button variant="default" onClick={() => setSearch({ status: undefined, time: undefined, image: undefined })}>
            {t('clearFilters')}
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={<IconTool size={28} stroke={1.4} />}
      title={t('empty')}
      hint={t('emptyHint')}
      action={
        <Link to="/images" search={{ q: 'fixable:true' }}>
          {t('toImages')}
        </Link>
      }
    />
  );
}
