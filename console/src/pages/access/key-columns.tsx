import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Status } from '../../components/show/status.tsx';
import { Clip, CopyButton, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import classes from './access.module.css';
import type { KeyDialog } from './key-dialogs.tsx';
import { type KeyRow, stateOf } from './use-keys.ts';

interface KeyColumnsOptions {
  /** Of several users: says whose. */
  readonly several: boolean;
  readonly open: (dialog: KeyDialog) => void;
}

const tones = { active: 'good', disabled: 'quiet', expired: 'bad' } as const;

/** Columns of the list of keys and tokens. */
export function useKeyColumns({ several, open }: KeyColumnsOptions): readonly Column<KeyRow>[] {
  const { t } = useTranslation('access');
  return useMemo(() => {
    const user: Column<KeyRow> = {
      id: 'user',
      label: t('key.user'),
      width: 'minmax(8rem, 1fr)',
      cell: (row) => (
        <Link to={`/access/${row.user.id}`} className={classes.name}>
          <bdi>{row.user.name}</bdi>
        </Link>
      ),
    };
    const columns: readonly Column<KeyRow>[] = [
      {
        id: 'id',
        label: t('key.id'),
        width: 'minmax(12rem, 2fr)',
        cell: (row) =>
          row.kind === 'token' ? (
            <Clip text={row.token.name ?? `#${row.token.id}`} />
          ) : (
            <span className={classes.keyId}>
              <Clip text={row.key.id} mono />
              <CopyButton text={row.key.id} />
            </span>
          ),
      },
      { id: 'kind', label: t('key.kind'), width: '7rem', cell: (row) => t(`key.${row.kind}`) },
      ...(several ? [user] : []),
      {
        id: 'state',
        label: t('key.state'),
        width: '6rem',
        cell: (row) => <Status tone={tones[stateOf(row)]} label={t(`key.${stateOf(row)}`)} />,
      },
      {
        id: 'rights',
        label: t('key.rights'),
        width: '6.5rem',
        cell: (row) => {
          const scope = row.kind === 'token' ? row.token.statements : null;
          const words = scope?.map(({ effect, actions }) => `${effect} ${actions.join(', ')}`).join('\n');
          return <span title={words}>{scope === null ? t('key.asUser') : t('key.narrowed')}</span>;
        },
      },
      {
        id: 'used',
        label: t('key.lastUsed'),
        width: '9rem',
        cell: (row) => <Time at={row.kind === 'token' ? row.token.lastUsedAt : row.key.lastUsedAt} />,
      },
      {
        id: 'end',
        label: t('key.expires'),
        width: '8rem',
        cell: (row) => {
          const end = row.kind === 'token' ? row.token.expiresAt : row.key.expiresAt;
          return end === null ? <span className={classes.quiet}>{t('key.noEnd')}</span> : <Time at={end} />;
        },
      },
      {
        id: 'created',
        label: t('key.created'),
        width: '8rem',
        hidden: true,
        cell: (row) => <Time at={row.kind === 'token' ? row.token.issuedAt : row.key.createdAt} />,
      },
      { id: 'menu', label: '', width: '3.5rem', cell: (row) => <KeyMenu row={row} open={open} /> },
    ];
    return columns;
  }, [t, several, open]);
}

function KeyMenu({ row, open }: { readonly row: KeyRow; readonly open: (dialog: KeyDialog) => void }) {
  const { t } = useTranslation('access');
  const { mayEverywhere: may } = useSession();
  const activate = (active: boolean) =>
    api.PATCH('/api/v1/keys/{keyId}', { params: { path: { keyId: row.id } }, body: { active } });
  const toggle = useChange<boolean>({
    run: activate,
    touches: ['/api/v1/users'],
    done: (_, active) => ({
      text: t(active ? 'key.enabledDone' : 'key.disabledDone', { id: row.id }),
      undo: () => activate(!active),
    }),
  });
  if (!may(row.kind === 'token' ? 'drydock:token:write' : 'drydock:key:write')) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`${t('actions')}: ${row.id}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {row.kind === 'token' ? (
          <Menu.Item color="red" onClick={() => open({ kind: 'end', row })}>
            {t('key.endToken')}
          </Menu.Item>
        ) : (
          <>
            <Menu.Item onClick={() => open({ kind: 'rotate', row })}>{t('key.rotate')}</Menu.Item>
            <Menu.Item onClick={() => toggle.mutate(!row.key.active)}>
              {row.key.active ? t('key.disable') : t('key.enable')}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => open({ kind: 'end', row })}>
              {t('key.removeKey')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
