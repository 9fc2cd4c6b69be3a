import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Affected } from '../../components/decision/affected.tsx';
import { DecisionSubject } from '../../components/decision/decision-subject.tsx';
import { EndWords } from '../../components/decision/end-words.tsx';
import { ScopeWords } from '../../components/decision/scope-words.tsx';
import type { ScopeNames } from '../../components/decision/use-scope-names.ts';
import { Clip, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';

type Decision = Schema<'Decision'>;

/** Columns of tables of decisions. */
export function useDecisionColumns(names: ScopeNames): readonly Column<Decision>[] {
  const { t } = useTranslation('ignores');
  return useMemo(
    () => [
      {
        id: 'subject',
        label: t('column.subject'),
        width: 'minmax(10rem, 1.2fr)',
        cell: (decision) => <DecisionSubject decision={decision} />,
      },
      { id: 'kind', label: t('column.kind'), width: '6.5rem', cell: ({ kind }) => t(`kind.${kind}`) },
      {
        id: 'scope',
        label: t('column.scope'),
        width: 'minmax(9rem, 2fr)',
        cell: (decision) => <ScopeWords decision={decision} names={names} />,
      },
      {
        id: 'reason',
        label: t('column.reason'),
        width: 'minmax(9rem, 2.4fr)',
        cell: ({ reason }) => <Clip text={reason} />,
      },
      {
        id: 'findings',
        label: t('column.findings'),
        width: '5.5rem',
        align: 'end',
        cell: (decision) => <Affected decision={decision} />,
      },
      {
        id: 'end',
        label: t('column.end'),
        width: '9rem',
        cell: (decision) => <EndWords decision={decision} />,
      },
      { id: 'author', label: t('column.author'), width: '6rem', cell: ({ author }) => <Clip text={author} /> },
      {
        id: 'createdAt',
        label: t('column.createdAt'),
        width: '8rem',
        hidden: true,
        cell: ({ createdAt }) => <Time at={createdAt} />,
      },
      {
        id: 'updatedAt',
        label: t('column.updatedAt'),
        width: '8rem',
        hidden: true,
        cell: ({ updatedAt }) => <Time at={updatedAt} />,
      },
      {
        id: 'source',
        label: t('column.source'),
        width: '12rem',
        hidden: true,
        cell: ({ source }) => <Clip text={source} />,
      },
    ],
    [t, names],
  );
}
