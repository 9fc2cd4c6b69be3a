import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Bytes, Clip, Count, Digest, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { ExportActions } from './export-actions.tsx';
import { rowKindOf } from './export-columns.ts';
import { ExportState } from './export-state.tsx';
import classes from './exports.module.css';

type Export = Schema<'Export'>;

/** Columns of the table of exports. */
export function useExportTableColumns(): readonly Column<Export>[] {
  const { t } = useTranslation('exports');
  return useMemo(
    () => [
      {
        id: 'what',
        label: t('column.what'),
        width: 'minmax(13rem, 1.8fr)',
        cell: (made) => <What made={made} />,
      },
      {
        id: 'state',
        label: t('column.state'),
        width: 'minmax(15rem, 1.6fr)',
        cell: (made) => <ExportState made={made} />,
      },
      {
        id: 'rows',
        label: t('column.rows'),
        width: '6rem',
        align: 'end',
        cell: ({ rowsTotal }) => <Count value={rowsTotal} />,
      },
      {
        id: 'size',
        label: t('column.size'),
        width: '5.5rem',
        align: 'end',
        cell: ({ bytes }) => <Bytes value={bytes} />,
      },
      {
        id: 'sha256',
        label: t('column.sha256'),
        width: '9.75rem',
        cell: ({ sha256 }) => (sha256 === null ? '–' : <Digest value={sha256} />),
      },
      {
        id: 'expires',
        label: t('column.expires'),
        width: '6.5rem',
        cell: ({ expiresAt }) => (expiresAt === null ? '–' : <Time at={expiresAt} />),
      },
      {
        id: 'created',
        label: t('column.created'),
        width: '8rem',
        hidden: true,
        cell: ({ createdAt }) => <Time at={createdAt} />,
      },
      {
        id: 'finished',
        label: t('column.finished'),
        width: '8rem',
        hidden: true,
        cell: ({ finishedAt }) => (finishedAt === null ? '–' : <Time at={finishedAt} />),
      },
      {
        id: 'file',
        label: t('column.file'),
        width: 'minmax(12rem, 1fr)',
        hidden: true,
        cell: ({ fileName }) => <Clip text={fileName} />,
      },
      {
        id: 'left',
        label: t('column.left'),
        width: '7rem',
        align: 'end',
        hidden: true,
        cell: ({ rowsMatched, rowsTotal }) => <Count value={rowsMatched - rowsTotal} />,
      },
      {
        id: 'actions',
        label: t('column.actions'),
        width: '6.5rem',
        align: 'end',
        cell: (made) => <ExportActions made={made} />,
      },
    ],
    [t],
  );
}

function What({ made }: { readonly made: Export }) {
  const { t } = useTranslation('exports');
  const filter = made.order?.q ?? '';
  return (
    <span className={classes.what} title={`${made.fileName}${filter === '' ? '' : `\n${filter}`}`}>
      <span className={classes.kind}>
        {t(`kind.${rowKindOf(made)}`)} <span className={classes.format}>{t(`short.${made.format}`)}</span>
      </span>
      <bdi className={classes.filter}>{filter === '' ? made.fileName : filter}</bdi>
    </span>
  );
}
