import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { useScanName } from '../../components/show/use-scan-name.ts';
import { Clip, Count, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { useKnown } from '../../i18n/known.ts';
import { ScanProgress, ScanState, Took } from './scan-state.tsx';
import classes from './scans.module.css';

type Scan = Schema<'Scan'>;

/** Columns of the list of scans. */
export function useScanColumns(): readonly Column<Scan>[] {
  const { t } = useTranslation('scans');
  const known = useKnown('scans');
  const nameOf = useScanName();
  return useMemo(
    () => [
      {
        id: 'name',
        label: t('column.name'),
        width: 'minmax(11rem, 2fr)',
        cell: (scan) => (
          <Link to={`/scans/${scan.id}`} className={classes.name}>
            <Clip text={nameOf(scan)} />
          </Link>
        ),
      },
      { id: 'kind', label: t('column.kind'), width: '8.5rem', cell: ({ kind }) => t(`kind.${kind}`) },
      { id: 'state', label: t('column.state'), width: '7rem', cell: (scan) => <ScanState scan={scan} /> },
      { id: 'progress', label: t('column.progress'), width: '9.5rem', cell: (scan) => <ScanProgress scan={scan} /> },
      {
        id: 'failed',
        label: t('column.failed'),
        width: '5rem',
        align: 'end',
        cell: ({ failed }) => <Count value={failed} />,
      },
      {
        id: 'source',
        label: t('column.source'),
        width: '8rem',
        cell: ({ source }) => <Clip text={known('source', source)} />,
      },
      { id: 'created', label: t('column.created'), width: '8.5rem', cell: ({ createdAt }) => <Time at={createdAt} /> },
      {
        id: 'duration',
        label: t('column.duration'),
        width: '6rem',
        align: 'end',
        cell: ({ startedAt, finishedAt }) => <Took from={startedAt} to={finishedAt} />,
      },
    ],
    [t, known, nameOf],
  );
}
