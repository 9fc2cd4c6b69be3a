import { Button, Tooltip } from '@mantine/core';
import { IconDownload, IconFilterOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useSetSearch, useUrlState } from '../../app/url-state.ts';
import { download } from '../../components/export/download.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { Page } from '../../components/page/page.tsx';
import { Clip, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import classes from './audit.module.css';
import { ChainStatus } from './chain-status.tsx';
import { EntryDrawer } from './entry-drawer.tsx';
import { FilterField } from './filter-field.tsx';
import { type AuditEntry, useAudit } from './use-audit.ts';

/** Groups of actions: what an action begins with. */
const actionGroups = [
  ...['session.*', 'user.*', 'grant.*', 'key.*', 'robot.*', 'policy.*', 'project.*', 'registry.*', 'scan.*', 'fix.*'],
  ...['decision.*', 'export.*', 'schedule.*', 'advisory.*', 'notification.*', 'audit.*'],
];

/** Who did what: filtered by actor, action and object, with the state of the chain. */
export function AuditPage() {
  const { t } = useTranslation(['audit', 'common']);
  const { mayEverywhere } = useSession();
  const setSearch = useSetSearch();
  const [user] = useUrlState('user');
  const [action] = useUrlState('action');
  const [object] = useUrlState('object');
  const [open, setOpen] = useUrlState('entry');
  const chain = $api.useQuery('get', '/api/v1/audit/verification', {}, { staleTime: 5 * 60_000 });
  const list = useAudit({ user, action, object }, chain.data?.entries);
  const users = $api.useQuery('get', '/api/v1/users', {}, { enabled: mayEverywhere('drydock:user:read') });
  const projects = $api.useQuery('get', '/api/v1/projects');
  const columns = useMemo<readonly Column<AuditEntry>[]>(() => {
    const projectName = (id: number): string =>
      projects.data?.items.find((project) => project.id === id)?.name ?? `#${id}`;
    return [
      {
        id: 'seq',
        label: t('column.seq'),
        width: '5rem',
        align: 'end',
        cell: ({ seq }) => <span className="num">{seq}</span>,
      },
      { id: 'at', label: t('column.at'), width: '12rem', cell: ({ at }) => <Time at={at} exact /> },
      {
        id: 'actor',
        label: t('column.actor'),
        width: 'minmax(8rem, 1fr)',
        cell: ({ actor }) => <Clip text={actor.name} />,
      },
      {
        id: 'action',
        label: t('column.action'),
        width: 'minmax(9rem, 1fr)',
        cell: (entry) => <Clip text={entry.action} mono />,
      },
      {
        id: 'object',
        label: t('column.object'),
        width: 'minmax(12rem, 2fr)',
        cell: (entry) => <Clip text={entry.object} mono />,
      },
      {
        id: 'project',
        label: t('column.project'),
        width: '8rem',
        cell: ({ projectId }) => <Clip text={projectId === null ? '–' : projectName(projectId)} />,
      },
      {
        id: 'address',
        label: t('column.address'),
        width: '9rem',
        hidden: true,
        cell: ({ actor }) => <Clip text={actor.address ?? '–'} mono />,
      },
    ];
  }, [t, projects.data]);
  const entry = list.rows.find(({ seq }) => String(seq) === open);
  const filtered = user !== '' || action !== '' || object !== '';
  const clear = (): void => setSearch({ user: undefined, action: undefined, object: undefined });
  return (
    <Page
      title={t('title')}
      subtitle={t('subtitle')}
      fill
      actions={
        <Tooltip label={t('exportHint')}>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            data-export-view
            onClick={() => download('/api/v1/audit/export')}
          >
            {t('export')}
          </Button>
        </Tooltip>
      }
    >
      <div className={classes.bar}>
        <FilterField
          name="user"
          label={t('filter.actor')}
          hint={t('filter.actorHint')}
          data={users.data?.items.map(({ name }) => name) ?? []}
        />
        <FilterField name="action" label={t('filter.action')} hint={t('filter.actionHint')} data={actionGroups} />
        <FilterField name="object" label={t('filter.object')} hint={t('filter.objectHint')} data={[]} />
        {filtered && (
          <Button variant="subtle" leftSection={<IconFilterOff size={16} />} onClick={clear}>
            {t('filter.clear')}
          </Button>
        )}
        <ChainStatus />
      </div>
      <DataTable
        label={t('title')}
        list={list}
        columns={columns}
        rowId={({ seq }) => String(seq)}
        onOpen={({ seq }) => setOpen(String(seq), { push: true })}
        empty={
          <EmptyState
            title={filtered ? t('common:table.emptyFiltered') : t('empty')}
            action={
              filtered && (
                <Button variant="default" onClick={clear}>
                  {t('filter.clear')}
                </Button>
              )
            }
          />
        }
      />
      <EntryDrawer entry={entry} close={() => setOpen('')} />
    </Page>
  );
}
