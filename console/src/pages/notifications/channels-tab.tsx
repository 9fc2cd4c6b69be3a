import { Button } from '@mantine/core';
import { IconBellPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { FormDialog } from '../../components/feedback/form-dialog.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { useChannelColumns } from './channel-columns.tsx';
import { ChannelDialog } from './channel-dialog.tsx';
import classes from './notifications.module.css';

type Channel = Schema<'NotificationChannel'>;

/** What is being done with a channel. */
export type ChannelAction =
  | { readonly kind: 'edit'; readonly channel: Channel | null }
  | { readonly kind: 'remove'; readonly channel: Channel };

/** The channels. */
export function ChannelsTab() {
  const { t } = useTranslation('notifications');
  const { mayEverywhere } = useSession();
  const mayWrite = mayEverywhere('drydock:notification:write');
  const [action, setAction] = useState<ChannelAction | null>(null);
  const list = usePagedList('/api/v1/notification-channels', { refetchInterval: 5000 });
  const columns = useChannelColumns({ mayWrite, act: setAction });
  const add = mayWrite && (
    <Button leftSection={<IconBellPlus size={16} />} onClick={() => setAction({ kind: 'edit', channel: null })}>
      {t('add')}
    </Button>
  );
  return (
    <>
      {list.rows.length > 0 && (
        <div className={classes.bar}>
          <span className={classes.push}>{add}</span>
        </div>
      )}
      <DataTable
        label={t('tab.channels')}
        list={list}
        columns={columns}
        rowId={({ id }) => String(id)}
        {...(mayWrite ? { onOpen: (channel: Channel) => setAction({ kind: 'edit', channel }) } : {})}
        empty={<EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
      />
      {action?.kind === 'edit' && <ChannelDialog channel={action.channel} close={() => setAction(null)} />}
      {action?.kind === 'remove' && <RemoveDialog channel={action.channel} close={() => setAction(null)} />}
    </>
  );
}

function RemoveDialog({ channel, close }: { readonly channel: Channel; readonly close: () => void }) {
  const { t } = useTranslation('notifications');
  const { name } = channel;
  const remove = useChange({
    run: () => api.DELETE('/api/v1/notification-channels/{id}', { params: { path: { id: String(channel.id) } } }),
    touches: ['/api/v1/notification'],
    quiet: true,
    done: () => ({ text: t('removed', { name }) }),
    after: close,
  });
  return (
    <FormDialog
      title={t('removeTitle', { name })}
      opened
      onClose={close}
      onSubmit={() => remove.mutate()}
      submit={t('remove')}
      pending={remove.isPending}
      error={remove.error}
      danger
    >
      <p className={classes.hint}>{t('removeText')}</p>
    </FormDialog>
  );
}
