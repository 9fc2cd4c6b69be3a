import { ActionIcon, Menu, Switch } from '@mantine/core';
import { IconDots, IconSend } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSetSearch } from '../../app/url-state.ts';
import { toast } from '../../components/feedback/toasts.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Clip, Count, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { useFormat } from '../../i18n/format.ts';
import type { ChannelAction } from './channels-tab.tsx';
import classes from './notifications.module.css';

type Channel = Schema<'NotificationChannel'>;

interface ChannelColumnsOptions {
  readonly mayWrite: boolean;
  readonly act: (action: ChannelAction) => void;
}

const touches = ['/api/v1/notification'];

function targetOf({ target }: Channel): string {
  return target.kind === 'mail' ? target.to.join(', ') : target.url;
}

/** Columns of the list of channels. */
export function useChannelColumns({ mayWrite, act }: ChannelColumnsOptions): readonly Column<Channel>[] {
  const { t } = useTranslation('notifications');
  const format = useFormat();
  return useMemo<readonly Column<Channel>[]>(
    () => [
      {
        id: 'name',
        label: t('column.name'),
        width: 'minmax(9rem, 1.2fr)',
        cell: (channel) =>
          mayWrite ? (
            <button type="button" className={classes.name} onClick={() => act({ kind: 'edit', channel })}>
              <bdi>{channel.name}</bdi>
            </button>
          ) : (
            <Clip text={channel.name} />
          ),
      },
      { id: 'kind', label: t('column.kind'), width: '9rem', cell: ({ target }) => t(`kind.${target.kind}`) },
      {
        id: 'target',
        label: t('column.target'),
        width: 'minmax(10rem, 2fr)',
        cell: (channel) => <Clip text={targetOf(channel)} />,
      },
      {
        id: 'events',
        label: t('column.events'),
        width: '7rem',
        cell: ({ events }) => (
          <span title={format.list(events.map((event) => t(`event.${event}`)))}>
            {t('eventCount', { count: events.length })}
          </span>
        ),
      },
      {
        id: 'on',
        label: t('column.on'),
        width: '5rem',
        cell: (channel) => <OnOff channel={channel} mayWrite={mayWrite} />,
      },
      {
        id: 'waiting',
        label: t('column.waiting'),
        width: '6rem',
        align: 'end',
        cell: ({ waiting }) => <Count value={waiting} />,
      },
      {
        id: 'dead',
        label: t('column.dead'),
        width: '6rem',
        align: 'end',
        cell: ({ dead }) => (
          <span className={dead > 0 ? classes.bad : ''}>
            <Count value={dead} />
          </span>
        ),
      },
      {
        id: 'last',
        label: t('column.last'),
        width: '8.5rem',
        cell: ({ lastDeliveredAt }) => <Time at={lastDeliveredAt} />,
      },
      {
        id: 'menu',
        label: '',
        width: '6rem',
        cell: (channel) => <ChannelMenu channel={channel} mayWrite={mayWrite} act={act} />,
      },
    ],
    [t, format, mayWrite, act],
  );
}

function OnOff({ channel, mayWrite }: { readonly channel: Channel; readonly mayWrite: boolean }) {
  const { t } = useTranslation('notifications');
  const { id, name, enabled } = channel;
  const set = (on: boolean) =>
    api.PATCH('/api/v1/notification-channels/{id}', { params: { path: { id: String(id) } }, body: { enabled: on } });
  const change = useChange<boolean>({
    run: set,
    touches,
    done: (_, on) => ({ text: t(on ? 'enabledDone' : 'disabledDone', { name }), undo: () => set(!on) }),
  });
  return (
    <Switch
      size="sm"
      aria-label={t('toggle', { name })}
      checked={change.isPending ? change.variables : enabled}
      disabled={!mayWrite}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
    />
  );
}

function ChannelMenu({ channel, mayWrite, act }: ChannelColumnsOptions & { readonly channel: Channel }) {
  const { t } = useTranslation(['notifications', 'common']);
  const format = useFormat();
  const setSearch = useSetSearch();
  const { id, name } = channel;
  const test = useChange<void, Schema<'NotificationTestOutcome'> | undefined>({
    run: async () => {
      const path = { id: String(id) };
      return (await api.POST('/api/v1/notification-channels/{id}/test', { params: { path }, body: null })).data;
    },
    touches,
    done: (outcome) =>
      outcome?.delivered ? { text: t('tested', { name, time: format.duration(outcome.durationMs) }) } : undefined,
    after: (outcome) => {
      if (outcome === undefined || outcome.delivered) return;
      const { failure, httpStatus } = outcome;
      const detail = [failure?.message, httpStatus === null ? null : `HTTP ${httpStatus}`, failure?.hint];
      toast(t('testFailed', { name, detail: detail.filter(Boolean).join(' ') }), { bad: true });
    },
  });
  return (
    <span className={classes.inline}>
      {mayWrite && (
        <ActionIcon
          variant="subtle"
          loading={test.isPending}
          aria-label={`${t('test')}: ${name}`}
          title={t('test')}
          onClick={() => test.mutate()}
        >
          <IconSend size={16} />
        </ActionIcon>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`${t('actions')}: ${name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setSearch({ tab: 'deliveries', channel: String(id), row: undefined })}>
            {t('log')}
          </Menu.Item>
          {mayWrite && (
            <>
              <Menu.Item onClick={() => test.mutate()}>{t('test')}</Menu.Item>
              <Menu.Item onClick={() => act({ kind: 'edit', channel })}>{t('common:edit')}</Menu.Item>
              <Menu.Item color="red" onClick={() => act({ kind: 'remove', channel })}>
                {t('remove')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}
