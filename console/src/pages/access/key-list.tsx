import { Button, Menu, Select } from '@mantine/core';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { useWholeList } from '../../components/table/use-list.ts';
import classes from './access.module.css';
import { useKeyColumns } from './key-columns.tsx';
import { type KeyDialog, KeyDialogs } from './key-dialogs.tsx';
import { useKeys } from './use-keys.ts';

type User = Schema<'User'>;

interface KeyListProps {
  /** Whose keys; undefined while they are asked for. */
  readonly users: readonly User[] | undefined;
  /** Fills the page. */
  readonly fill?: boolean;
}

/** Access keys and robot tokens, and what can be done with them. */
export function KeyList({ users, fill = false }: KeyListProps) {
  const { t } = useTranslation('access');
  const { mayEverywhere: may, me } = useSession();
  const [only, setOnly] = useUrlState('user');
  const [dialog, setDialog] = useState<KeyDialog | null>(null);
  const several = fill;
  const chosen = only === '' ? users : users?.filter(({ id }) => String(id) === only);
  const list = useWholeList(useKeys(chosen));
  const columns = useKeyColumns({ several, open: setDialog });
  const owner = chosen?.length === 1 ? chosen[0] : users?.find(({ id }) => id === me.userId);
  const mayKeys = may('drydock:key:write');
  const mayTokens = may('drydock:token:write');
  const make =
    owner === undefined || !(mayKeys || mayTokens) ? null : (
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<IconPlus size={16} />} rightSection={<IconChevronDown size={14} />}>
            {t('key.makeFor', { name: owner.name })}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayKeys && <Menu.Item onClick={() => setDialog({ kind: 'key', user: owner })}>{t('key.makeKey')}</Menu.Item>}
          {mayTokens && (
            <Menu.Item onClick={() => setDialog({ kind: 'token', user: owner })}>{t('key.makeToken')}</Menu.Item>
          )}
          {mayKeys && (
            <Menu.Item onClick={() => setDialog({ kind: 'temporary', user: owner })}>
              {t('key.makeTemporary')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    );
  return (
    <>
      <div className={classes.bar}>
        {several ? (
          <Select
            className={classes.find ?? ''}
            aria-label={t('key.user')}
            placeholder={t('key.user')}
            data={(users ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            value={only === '' ? null : only}
            searchable
            clearable
            onChange={(value) => setOnly(value ?? '')}
          />
        ) : (
          <span />
        )}
        {make}
      </div>
      <DataTable
        label={t('tab.keys')}
        list={list}
        columns={columns}
        rowId={({ id }) => id}
        grow={!fill}
        empty={<EmptyState title={t('key.empty')} hint={t('key.emptyHint')} />}
      />
      <KeyDialogs dialog={dialog} close={() => setDialog(null)} />
    </>
  );
}
