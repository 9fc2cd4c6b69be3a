import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { Elapsed } from '../../components/fix/elapsed.tsx';
import { FixStatus } from '../../components/fix/fix-status.tsx';
import { useReasonText } from '../../components/fix/outcome.tsx';
import { StepDots } from '../../components/fix/step-dots.tsx';
import { ImageNameOf } from '../../components/show/image-name.tsx';
import { Clip, Count, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import classes from './fixes.module.css';

type Fix = Schema<'Fix'>;

/** Columns of the list of fixes. */
export function useFixColumns(): readonly Column<Fix>[] {
  const { t } = useTranslation('fixes');
  return useMemo(
    () => [
      {
        id: 'image',
        label: t('column.image'),
        width: 'minmax(11rem, 2fr)',
        cell: ({ id, imageUuid }) => (
          <Link to={`/fixes/${id}`} className={classes.open}>
            <ImageNameOf uuid={imageUuid} />
          </Link>
        ),
      },
      {
        id: 'status',
        label: t('column.status'),
        width: '9.5rem',
        // Under way, the stage says more than the status.
        cell: (fix) => (fix.status === 'running' ? <StepDots fix={fix} /> : <FixStatus status={fix.status} />),
      },
      {
        id: 'requested',
        label: t('column.requested'),
        width: '5.75rem',
        align: 'end',
        cell: ({ requested }) => <Count value={requested.length} />,
      },
      {
        id: 'newTag',
        label: t('column.newTag'),
        width: 'minmax(10rem, 1.4fr)',
        cell: ({ newTag }) => <Clip text={newTag} />,
      },
      {
        id: 'started',
        label: t('column.started'),
        width: '8.5rem',
        cell: ({ createdAt }) => <Time at={createdAt} />,
      },
      {
        id: 'duration',
        label: t('column.duration'),
        width: '6.5rem',
        align: 'end',
        cell: ({ createdAt, finishedAt }) => (
          <Elapsed from={Date.parse(createdAt)} to={finishedAt === null ? null : Date.parse(finishedAt)} />
        ),
      },
      {
        id: 'reason',
        label: t('column.reason'),
        width: 'minmax(9rem, 2fr)',
        cell: ({ reason }) => <Reason reason={reason} />,
      },
      {
        id: 'trigger',
        label: t('column.trigger'),
        width: '8rem',
        hidden: true,
        cell: ({ trigger }) => t(`trigger.${trigger}`),
      },
      { id: 'id', label: t('column.id'), width: '12rem', hidden: true, cell: ({ id }) => <Clip text={id} mono /> },
    ],
    [t],
  );
}

function Reason({ reason }: { readonly reason: Fix['reason'] }) {
  const words = useReasonText();
  if (reason === null) return null;
  const { text, detail } = words(reason);
  return <Clip text={detail === null ? text : `${text} ${detail}`} />;
}
