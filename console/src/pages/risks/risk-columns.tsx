import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { SeverityBadge } from '../../components/show/severity.tsx';
import { Clip, Digest, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { useText } from '../../i18n/text.ts';
import { evidenceOf } from './risk-evidence.ts';
import { RiskStatusLabel } from './risk-status-label.tsx';

type Hit = Schema<'RiskHit'>;

/** Columns of findings of risks; the image is left out where there is only one. */
export function useRiskColumns({ ofOneImage }: { readonly ofOneImage: boolean }): readonly Column<Hit>[] {
  const { t } = useTranslation('risks');
  const text = useText();
  return useMemo(() => {
    const image: Column<Hit> = {
      id: 'image',
      label: t('column.image'),
      width: 'minmax(12rem, 2fr)',
      cell: ({ image: { uuid, repository, tag } }) => (
        <Link to={`/images/${uuid}`}>
          <Clip text={tag === null ? repository : `${repository}:${tag}`} />
        </Link>
      ),
    };
    return [
      {
        id: 'title',
        label: t('column.finding'),
        width: 'minmax(15rem, 3fr)',
        cell: ({ title }) => <Clip text={text(title)} />,
      },
      ...(ofOneImage ? [] : [image]),
      {
        id: 'level',
        label: t('column.level'),
        width: '7rem',
        cell: ({ level }) => <SeverityBadge level={level} />,
      },
      {
        id: 'class',
        label: t('column.class'),
        width: 'minmax(9rem, 1.2fr)',
        hidden: !ofOneImage,
        cell: ({ className }) => <Clip text={text(className)} />,
      },
      {
        id: 'place',
        label: t('column.place'),
        width: 'minmax(11rem, 2fr)',
        cell: (hit) => {
          const [first, ...rest] = evidenceOf(hit);
          if (first === undefined) return '–';
          const line = first.line === null ? '' : `:${first.line}`;
          return <Clip text={`${first.path}${line}${rest.length > 0 ? ` +${rest.length}` : ''}`} mono />;
        },
      },
      {
        id: 'layer',
        label: t('column.layer'),
        width: '13rem',
        hidden: true,
        cell: (hit) => {
          const layer = evidenceOf(hit)[0]?.layer ?? null;
          return layer === null ? '–' : <Digest value={layer} />;
        },
      },
      {
        id: 'status',
        label: t('column.status'),
        width: '9rem',
        cell: ({ status, decision }) => (
          <RiskStatusLabel status={status} {...(decision === null ? {} : { title: decision.reason })} />
        ),
      },
      {
        id: 'firstSeen',
        label: t('column.firstSeen'),
        width: '8.5rem',
        hidden: true,
        cell: ({ firstSeen }) => <Time at={firstSeen} />,
      },
    ];
  }, [t, text, ofOneImage]);
}
