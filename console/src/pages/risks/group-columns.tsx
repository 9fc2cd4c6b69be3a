import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { SeverityBadge } from '../../components/show/severity.tsx';
import { Clip, Count, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { useText } from '../../i18n/text.ts';
import type { RiskWord } from './risk-kinds.ts';
import { RiskStatusLabel } from './risk-status-label.tsx';

type Group = Schema<'RiskGroup'>;
type By = 'rule' | 'name' | 'class';

/** What names a group behind the `?` of its page; malicious packages have no hash and are named by their class. */
export function groupAddress({ key, classKey }: Group, by: By): Readonly<Record<string, string>> {
  if (key === '') return { name: classKey, by: 'class' };
  return by === 'rule' ? { name: key } : { name: key, by };
}

/** The name of a group: its rule, or what several rules have in common. */
export function titleOf({ title, name, className }: Group, by: By): Group['title'] {
  return by === 'rule' ? title : by === 'name' ? name : className;
}

/** Columns of groups of findings. */
export function useGroupColumns(word: RiskWord, by: By): readonly Column<Group>[] {
  const { t } = useTranslation('risks');
  const text = useText();
  return useMemo(
    () => [
      {
        id: 'title',
        label: t('column.finding'),
        width: 'minmax(17rem, 3fr)',
        cell: (group) => (
          <Link to={`/risks/${word}/view`} search={groupAddress(group, by)}>
            <Clip text={text(titleOf(group, by))} />
          </Link>
        ),
      },
      { id: 'level', label: t('column.level'), width: '7rem', cell: ({ level }) => <SeverityBadge level={level} /> },
      {
        id: 'class',
        label: t('column.class'),
        width: 'minmax(11rem, 1.2fr)',
        hidden: by !== 'rule',
        cell: ({ className }) => <Clip text={text(className)} />,
      },
      {
        id: 'openImages',
        label: t('column.openImages'),
        width: '7.5rem',
        align: 'end',
        cell: ({ openImages }) => <Count value={openImages} />,
      },
      {
        id: 'images',
        label: t('column.images'),
        width: '6.5rem',
        align: 'end',
        hidden: true,
        cell: ({ images }) => <Count value={images.total} />,
      },
      {
        id: 'hits',
        label: t('column.hits'),
        width: '6.5rem',
        align: 'end',
        cell: ({ hits }) => <Count value={hits.total} />,
      },
      {
        id: 'status',
        label: t('column.status'),
        width: '9rem',
        cell: ({ status }) => <RiskStatusLabel status={status} />,
      },
      {
        id: 'key',
        label: t('column.key'),
        width: 'minmax(10rem, 1fr)',
        hidden: true,
        cell: ({ key }) => <Clip text={key} mono />,
      },
      {
        id: 'firstSeen',
        label: t('column.firstSeen'),
        width: '8.5rem',
        hidden: true,
        cell: ({ firstSeen }) => <Time at={firstSeen} />,
      },
      {
        id: 'lastSeen',
        label: t('column.lastSeen'),
        width: '8.5rem',
        hidden: true,
        cell: ({ lastSeen }) => <Time at={lastSeen} />,
      },
    ],
    [t, text, word, by],
  );
}
