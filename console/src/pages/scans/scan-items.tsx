import { Button, Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { imageText } from '../../components/show/image-name.tsx';
import { ProgressBar } from '../../components/show/progress.tsx';
import { ScanStatus, scanStates } from '../../components/show/status.tsx';
import { Clip, Digest, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { Took } from './scan-state.tsx';
import classes from './scans.module.css';
import { useImageNames } from './use-image-names.ts';

type Item = Schema<'ScanItem'>;

/** What the number of failed images of a scan counts. */
export const noResult = 'failed,cancelled';
const liveMs = 1000;

/** Images of a scan by their state, with the reason where one went wrong. */
export function ScanItems({ scan, busy }: { readonly scan: Schema<'Scan'>; readonly busy: boolean }) {
  const { t } = useTranslation(['scans', 'common']);
  const go = useGo();
  const [asked, setState] = useUrlState('state');
  const state = [noResult, ...scanStates].find((one) => one === asked) ?? '';
  const list = usePagedList('/api/v1/scans/{id}/items', {
    path: { id: scan.id },
    query: { state },
    refetchInterval: busy ? liveMs : false,
  });
  const columns = useItemColumns(list.rows);
  return (
    <DataTable
      label={t('one.items')}
      list={list}
      columns={columns}
      rowId={({ imageUuid }) => imageUuid}
      onOpen={({ imageUuid }) => go(`/images/${imageUuid}`)}
      tools={
        <Select
          size="xs"
          aria-label={t('one.state')}
          value={state}
          onChange={(value) => setState(value ?? '', { push: true })}
          data={[
            { value: '', label: t('one.allStates') },
            { value: noResult, label: t('one.noResult') },
            ...scanStates.map((value) => ({ value, label: t(`common:scanState.${value}`) })),
          ]}
        />
      }
      empty={
        state === '' ? (
          <EmptyState title={t('one.stillQueued')} />
        ) : (
          <EmptyState
            title={t('one.noItems')}
            hint={t('one.noItemsHint')}
            action={
              <Button variant="default" onClick={() => setState('')}>
                {t('one.allStates')}
              </Button>
            }
          />
        )
      }
    />
  );
}

function useItemColumns(rows: readonly Item[]): readonly Column<Item>[] {
  const { t } = useTranslation('scans');
  const uuids = useMemo(() => rows.map(({ imageUuid }) => imageUuid), [rows]);
  const names = useImageNames(uuids);
  return useMemo(
    () => [
      {
        id: 'image',
        label: t('item.image'),
        width: 'minmax(14rem, 2fr)',
        cell: ({ imageUuid, digest }) => {
          const name = names.get(imageUuid);
          const text = name === undefined ? digest : imageText(name);
          return (
            <Link to={`/images/${imageUuid}`} className={classes.name}>
              <Clip text={text} />
            </Link>
          );
        },
      },
      {
        id: 'state',
        label: t('item.state'),
        width: '10rem',
        cell: ({ state, reason }) => <ScanStatus scan={{ state, reason }} />,
      },
      {
        id: 'reason',
        label: t('item.reason'),
        width: 'minmax(14rem, 2fr)',
        cell: ({ state, reason, progress }) => {
          if (reason !== null) return <Clip text={reason.message} />;
          if (state !== 'pulling' && state !== 'analysing') return <span className={classes.quiet}>–</span>;
          return <ProgressBar label={t('column.progress')} done={progress} total={100} />;
        },
      },
      {
        id: 'digest',
        label: t('item.digest'),
        width: '13rem',
        hidden: true,
        cell: ({ digest }) => <Digest value={digest} />,
      },
      { id: 'started', label: t('item.started'), width: '9rem', cell: ({ startedAt }) => <Time at={startedAt} /> },
      {
        id: 'took',
        label: t('item.took'),
        width: '7rem',
        align: 'end',
        cell: ({ startedAt, finishedAt }) => <Took from={startedAt} to={finishedAt} />,
      },
    ],
    [t, names],
  );
}
