import { Button, Select } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { SeverityBadge } from '../../components/show/severity.tsx';
import { Status } from '../../components/show/status.tsx';
import { Clip, Count, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import classes from './notifications.module.css';

type Delivery = Schema<'NotificationDelivery'>;

interface DeliveriesTabProps {
  /** Only what was given up, with a way to try it again. */
  readonly dead: boolean;
  readonly channels: readonly Schema<'NotificationChannel'>[];
}

const states = ['waiting', 'delivered', 'dead'] as const;
const tones = { waiting: 'busy', delivered: 'good', dead: 'bad' } as const;

/** What was sent over the channels, and what became of it. */
export function DeliveriesTab({ dead, channels }: DeliveriesTabProps) {
  const { t } = useTranslation('notifications');
  const { mayEverywhere } = useSession();
  const [channel, setChannel] = useUrlState('channel');
  const [state, setState] = useUrlState('state');
  const wanted = dead ? 'dead' : state;
  const list = usePagedList('/api/v1/notification-deliveries', {
    query: { channel, ...(wanted === '' ? {} : { state: wanted }) },
    refetchInterval: dead ? 10_000 : 3000,
  });
  const replay = useChange<readonly Delivery[]>({
    run: (deliveries) =>
      Promise.all(
        deliveries.map(({ id }) =>
          api.POST('/api/v1/notification-deliveries/{id}/replay', { params: { path: { id: String(id) } }, body: null }),
        ),
      ),
    touches: ['/api/v1/notification'],
    done: () => ({ text: t('replayed') }),
  });
  const columns = useDeliveryColumns();
  const mayReplay = mayEverywhere('drydock:notification:write');
  return (
    <>
      <div className={classes.bar}>
        <Select
          aria-label={t('column.name')}
          value={channel}
          searchable
          data={[
            { value: '', label: t('allChannels') },
            ...channels.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
          onChange={(value) => setChannel(value ?? '', { push: true })}
        />
        {!dead && (
          <Select
            aria-label={t('column.state')}
            value={state}
            data={[
              { value: '', label: t('allStates') },
              ...states.map((value) => ({ value, label: t(`state.${value}`) })),
            ]}
            onChange={(value) => setState(value ?? '', { push: true })}
          />
        )}
      </div>
      <DataTable
        label={dead ? t('tab.dead') : t('tab.deliveries')}
        list={list}
        columns={columns}
        rowId={({ id }) => String(id)}
        {...(dead && mayReplay
          ? {
              bulk: (rows: readonly Delivery[], clear: () => void) => (
                <Button
                  size="compact-sm"
                  variant="light"
                  leftSection={<IconRepeat size={15} />}
                  loading={replay.isPending}
                  onClick={() => replay.mutate(rows, { onSuccess: clear })}
                >
                  {t('replaySome', { count: rows.length })}
                </Button>
              ),
            }
          : {})}
        empty={<EmptyState title={dead ? t('noDead') : t('noDeliveries')} />}
      />
    </>
  );
}

function useDeliveryColumns(): readonly Column<Delivery>[] {
  const { t } = useTranslation('notifications');
  return useMemo<readonly Column<Delivery>[]>(
    () => [
      { id: 'when', label: t('column.when'), width: '8.5rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
      {
        id: 'name',
        label: t('column.name'),
        width: 'minmax(7rem, 1fr)',
        cell: ({ channelName }) => <Clip text={channelName} />,
      },
      {
        id: 'message',
        label: t('column.message'),
        width: 'minmax(14rem, 3fr)',
        cell: ({ title }) => <Clip text={title} />,
      },
      {
        id: 'event',
        label: t('column.event'),
        width: 'minmax(9rem, 1fr)',
        hidden: true,
        cell: ({ event }) => <Clip text={t(`event.${event}`)} />,
      },
      {
        id: 'severity',
        label: t('column.severity'),
        width: '7rem',
        cell: ({ severity }) =>
          severity === null ? <span className={classes.quiet}>–</span> : <SeverityBadge level={severity} />,
      },
      {
        id: 'state',
        label: t('column.state'),
        width: '7.5rem',
        cell: ({ state }) => <Status tone={tones[state]} label={t(`state.${state}`)} />,
      },
      {
        id: 'attempts',
        label: t('column.attempts'),
        width: '6rem',
        align: 'end',
        cell: ({ attempts }) => <Count value={attempts} />,
      },
      {
        id: 'failure',
        label: t('column.failure'),
        width: 'minmax(10rem, 2fr)',
        cell: ({ failure, httpStatus }) => (
          <Clip
            text={failure === null ? '–' : `${failure.message}${httpStatus === null ? '' : ` (HTTP ${httpStatus})`}`}
          />
        ),
      },
      {
        id: 'next',
        label: t('column.next'),
        width: '8rem',
        hidden: true,
        cell: ({ nextAt }) => (nextAt === null ? <span className={classes.quiet}>–</span> : <Time at={nextAt} />),
      },
    ],
    [t],
  );
}
