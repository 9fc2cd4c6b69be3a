import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import type { paths } from '../../api/schema.gen.ts';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { Panel } from '../../components/page/page.tsx';
import { Status, type StatusTone } from '../../components/show/status.tsx';
import { Clip, Count, Digest, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useWholeList } from '../../components/table/use-list.ts';
import { useFormat } from '../../i18n/format.ts';
import { useKnown } from '../../i18n/known.ts';
import { queueRows } from './queue-rows.ts';
import classes from './system.module.css';

type JobsRoute = paths['/api/v1/jobs']['get'];
type Job = JobsRoute['responses'][200]['content']['application/json']['items'][number];
type JobsQuery = NonNullable<JobsRoute['parameters']['query']>;

const kinds = ['scan', 'fix', 'sync', 'feed', 'rematch', 'export', 'retention', 'probe'] as const;
const states = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
const tones: Readonly<Record<string, StatusTone>> = {
  queued: 'busy',
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
};

/** The queue in numbers, and the jobs themselves. */
export function WorkTab() {
  return (
    <>
      <Queue />
      <Jobs />
    </>
  );
}

function Queue() {
  const { t } = useTranslation('system');
  const format = useFormat();
  const known = useKnown('system');
  const { data } = $api.useQuery('get', '/api/v1/system', {}, { refetchInterval: 5000 });
  const rows = queueRows(data?.queue ?? []);
  return (
    <Panel title={t('queue')} flush>
      <p className={classes.padded}>{data !== undefined && rows.length === 0 ? t('queueEmpty') : t('queueHint')}</p>
      {rows.length > 0 && (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('kind')}</th>
                <th scope="col">{t('class')}</th>
                {states.map((state) => (
                  <th key={state} scope="col" data-end>
                    {known('jobState', state)}
                  </th>
                ))}
                <th scope="col" data-end>
                  {t('oldest')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.kind} ${row.class}`}>
                  <th scope="row">{known('jobKind', row.kind)}</th>
                  <td>{known('jobClass', row.class)}</td>
                  {states.map((state) => (
                    <td key={state} data-end>
                      <Count value={row.counts[state] ?? 0} />
                    </td>
                  ))}
                  <td data-end className="num">
                    {row.oldestMs === null ? '–' : format.duration(row.oldestMs)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Jobs() {
  const { t } = useTranslation('system');
  const format = useFormat();
  const known = useKnown('system');
  const [kind, setKind] = useUrlState('kind');
  const [state, setState] = useUrlState('state');
  const query = {
    ...(kind === '' ? {} : { kind: kind as NonNullable<JobsQuery['kind']> }),
    ...(state === '' ? {} : { state: state as NonNullable<JobsQuery['state']> }),
  };
  const jobs = $api.useQuery(
    'get',
    '/api/v1/jobs',
    { params: { query } },
    {
      refetchInterval: ({ state: { data } }) =>
        data?.items.some((job) => job.state === 'running' || job.state === 'queued') ? 1000 : 10_000,
    },
  );
  const list = useWholeList({ ...jobs, data: jobs.data?.items });
  const columns = useMemo<readonly Column<Job>[]>(
    () => [
      { id: 'kind', label: t('kind'), width: 'minmax(8rem, 1fr)', cell: (job) => known('jobKind', job.kind) },
      {
        id: 'state',
        label: t('state'),
        width: '7rem',
        cell: (job) => <Status tone={tones[job.state] ?? 'quiet'} label={known('jobState', job.state)} />,
      },
      {
        id: 'progress',
        label: t('progress'),
        width: 'minmax(8rem, 1fr)',
        cell: ({ progress }) => {
          if (progress === null) return <span className={classes.quiet}>–</span>;
          const share = progress.total ? ` ${format.percent(Math.min(1, progress.done / progress.total))}` : '';
          return <Clip text={`${progress.stage}${share}`} />;
        },
      },
      {
        id: 'failure',
        label: t('failure'),
        width: 'minmax(12rem, 2fr)',
        cell: ({ failure }) =>
          failure === null ? (
            <span className={classes.quiet}>–</span>
          ) : (
            <Clip text={`${failure.code}: ${failure.message}`} />
          ),
      },
      {
        id: 'attempts',
        label: t('attempts'),
        width: '6rem',
        align: 'end',
        cell: (job) => <Count value={job.attempts} />,
      },
      { id: 'created', label: t('created'), width: '8.5rem', cell: (job) => <Time at={job.createdAt} /> },
      {
        id: 'took',
        label: t('took'),
        width: '7.5rem',
        align: 'end',
        cell: ({ startedAt, finishedAt }) => (
          <span className="num">
            {startedAt === null
              ? '–'
              : format.duration((finishedAt === null ? Date.now() : Date.parse(finishedAt)) - Date.parse(startedAt))}
          </span>
        ),
      },
      { id: 'class', label: t('class'), width: '7rem', hidden: true, cell: (job) => known('jobClass', job.class) },
      { id: 'id', label: t('jobId'), width: '11rem', hidden: true, cell: (job) => <Digest value={job.id} /> },
    ],
    [t, format, known],
  );
  return (
    <>
      <div className={classes.filters}>
        <Select
          aria-label={t('kind')}
          value={kind}
          onChange={(value) => setKind(value ?? '')}
          data={[
            { value: '', label: t('allKinds') },
            ...kinds.map((value) => ({ value, label: known('jobKind', value) })),
          ]}
        />
        <Select
          aria-label={t('state')}
          value={state}
          onChange={(value) => setState(value ?? '')}
          data={[
            { value: '', label: t('allStates') },
            ...states.map((value) => ({ value, label: known('jobState', value) })),
          ]}
        />
      </div>
      <DataTable
        label={t('jobs')}
        list={list}
        columns={columns}
        rowId={({ id }) => id}
        grow
        tools={<span className={classes.quiet}>{t('jobsHint')}</span>}
        empty={<EmptyState title={t('noJobs')} />}
      />
    </>
  );
}
