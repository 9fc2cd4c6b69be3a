import { Button, TextInput } from '@mantine/core';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { Status } from '../../components/show/status.tsx';
import { Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useWholeList } from '../../components/table/use-list.ts';
import classes from './access.module.css';
import { AddUserDialog } from './add-user-dialog.tsx';
import { GrantBadges } from './grant-badges.tsx';
import { useAccessFacts } from './use-access.ts';

type User = Schema<'User'>;

/** All users with their policies. */
export function UsersTab() {
  const { t } = useTranslation('access');
  const { mayEverywhere: may, me } = useSession();
  const go = useGo();
  const facts = useAccessFacts();
  const [find, setFind] = useUrlState('find');
  const [adding, setAdding] = useState(false);
  const users = $api.useQuery('get', '/api/v1/users');
  const wanted = find.toLowerCase();
  const data = users.data?.items.filter(({ name }) => name.toLowerCase().includes(wanted));
  const list = useWholeList({ ...users, data });
  const columns = useMemo<readonly Column<User>[]>(
    () => [
      {
        id: 'name',
        label: t('user.name'),
        width: 'minmax(12rem, 1.2fr)',
        cell: ({ id, name }) => (
          <Link to={`/access/${id}`} className={classes.name}>
            <bdi>{name}</bdi>
            {id === me.userId && <span className={classes.quiet}> ({t('you')})</span>}
          </Link>
        ),
      },
      {
        id: 'state',
        label: t('user.state'),
        width: '8rem',
        cell: ({ disabled }) => (
          <Status tone={disabled ? 'quiet' : 'good'} label={disabled ? t('user.disabled') : t('user.active')} />
        ),
      },
      {
        id: 'signIn',
        label: t('user.signIn'),
        width: '12rem',
        cell: ({ hasPassword }) => (hasPassword ? t('user.password') : t('user.keysOnly')),
      },
      {
        id: 'policies',
        label: t('user.policies'),
        width: 'minmax(14rem, 2fr)',
        cell: ({ grants }) => <GrantBadges grants={grants} facts={facts} />,
      },
      { id: 'created', label: t('user.created'), width: '9rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
    ],
    [t, me.userId, facts],
  );
  return (
    <>
      <div className={classes.bar}>
        <TextInput
          className={classes.find ?? ''}
          aria-label={t('find')}
          placeholder={t('find')}
          leftSection={<IconSearch size={16} />}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        {may('drydock:user:write') && (
          <Button leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>
            {t('user.add')}
          </Button>
        )}
      </div>
      <DataTable
        label={t('tab.users')}
        list={list}
        columns={columns}
        rowId={({ id }) => String(id)}
        onOpen={({ id }) => go(`/access/${id}`)}
        empty={<EmptyState title={t('user.empty')} />}
      />
      <AddUserDialog opened={adding} close={() => setAdding(false)} facts={facts} />
    </>
  );
}
