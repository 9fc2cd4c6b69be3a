import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useUrlState } from '../../app/url-state.ts';
import { DecisionSubject } from '../../components/decision/decision-subject.tsx';
import { EndWords } from '../../components/decision/end-words.tsx';
import { ScopeWords } from '../../components/decision/scope-words.tsx';
import { useScopeNames } from '../../components/decision/use-scope-names.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { SearchField } from '../../components/filter/search-field.tsx';
import { Status, type StatusTone } from '../../components/show/status.tsx';
import { Clip, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../components/table/filtered-empty.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import classes from './ignores.module.css';

type Change = Schema<'DecisionChangePage'>['items'][number];

const tones: Readonly<Record<Change['change'], StatusTone>> = {
  added: 'good',
  updated: 'busy',
  revoked: 'warn',
  expired: 'quiet',
};

/** Ids are found as they are written; those of CVEs are written in capitals. */
function canonical(id: string): string {
  return /^cve-/i.test(id) ? id.toUpperCase() : id;
}

/** Every change of decisions, newest first. */
export function DecisionHistory() {
  const { t } = useTranslation('ignores');
  const [vulnerability] = useUrlState('vuln');
  const list = usePagedList('/api/v1/decisions/history', { query: { vulnerability: canonical(vulnerability) } });
  const scopes = useMemo(() => list.rows.map(({ decision }) => decision.scope), [list.rows]);
  const names = useScopeNames(scopes);
  const columns = useMemo<readonly Column<Change>[]>(
    () => [
      { id: 'at', label: t('column.at'), width: '8.5rem', cell: ({ at }) => <Time at={at} /> },
      {
        id: 'change',
        label: t('column.change'),
        width: '7rem',
        cell: ({ change }) => <Status tone={tones[change]} label={t(`change.${change}`)} />,
      },
      {
        id: 'subject',
        label: t('column.subject'),
        width: 'minmax(11rem, 1.4fr)',
        cell: ({ decision }) => <DecisionSubject decision={decision} />,
      },
      { id: 'kind', label: t('column.kind'), width: '7rem', cell: ({ decision }) => t(`kind.${decision.kind}`) },
      {
        id: 'scope',
        label: t('column.scope'),
        width: 'minmax(9rem, 1.6fr)',
        cell: ({ decision }) => <ScopeWords decision={decision} names={names} />,
      },
      {
        id: 'reason',
        label: t('column.reason'),
        width: 'minmax(9rem, 2fr)',
        cell: ({ decision }) => <Clip text={decision.reason} />,
      },
      { id: 'by', label: t('column.by'), width: '7rem', cell: ({ by }) => <Clip text={by} /> },
      {
        id: 'end',
        label: t('column.end'),
        width: '9.5rem',
        hidden: true,
        cell: ({ decision }) => <EndWords decision={decision} />,
      },
    ],
    [t, names],
  );
  return (
    <>
      <div className={classes.bar}>
        <SearchField
          name="vuln"
          label={t('searchHistory')}
          placeholder="CVE-2024-3094"
          className={classes.search ?? ''}
        />
      </div>
      <DataTable
        label={t('tab.history')}
        name="his"
        list={list}
        columns={columns}
        rowId={({ decision, change, at }) => `${decision.id}.${change}.${at}`}
        empty={
          <FilteredEmpty filter={vulnerability} name="vuln">
            <EmptyState title={t('emptyHistory')} hint={t('noDecisionsHint')} />
          </FilteredEmpty>
        }
      />
    </>
  );
}
