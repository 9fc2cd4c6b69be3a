import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { useText } from '../../i18n/text.ts';
import { DecideButtons } from './decide-buttons.tsx';
import { groupAddress, useGroupColumns } from './group-columns.tsx';
import { NarrowedEmpty } from './narrowed-empty.tsx';
import { RiskFacets } from './risk-facets.tsx';
import type { RiskWord } from './risk-kinds.ts';
import { StatusDialog } from './status-dialog.tsx';
import { changeOfGroups, ruleOf } from './status-orders.ts';
import { useNarrowing } from './use-narrowing.ts';
import { useRiskStatus } from './use-risk-status.ts';

type Group = Schema<'RiskGroup'>;

/** How groups of a kind can be formed. */
function waysOf(word: RiskWord): readonly ('rule' | 'name' | 'class')[] {
  return word === 'baseline' ? ['rule', 'name', 'class'] : ['rule', 'class'];
}

/** Findings of a kind by rule: how bad, in how many images, and how they stand. */
export function RiskGroups({ word }: { readonly word: RiskWord }) {
  const { t } = useTranslation('risks');
  const { may } = useSession();
  const go = useGo();
  const text = useText();
  const [q] = useUrlState('q');
  const [asked, setBy] = useUrlState('by', 'rule');
  const ways = waysOf(word);
  const by = ways.find((way) => way === asked) ?? 'rule';
  const { query } = useNarrowing();
  const list = usePagedList('/api/v1/risks/{kind}', { path: { kind: word }, query: { ...query, q, by } });
  const columns = useGroupColumns(word, by);
  const [deciding, setDeciding] = useState<readonly Group[] | null>(null);
  const change = useRiskStatus();
  // A group of several rules is decided on rule by rule, on its own page.
  const mayDecide = by === 'rule' && may('drydock:decision:write');
  const named = (groups: readonly Group[]): readonly Group[] => groups.filter((group) => ruleOf(group) !== null);
  return (
    <>
      <FilterBar error={list.error}>
        <RiskFacets word={word} />
        <Select
          aria-label={t('by.label')}
          w={150}
          value={by}
          onChange={(next) => setBy(next ?? 'rule', { push: true })}
          data={ways.map((value) => ({ value, label: t(`by.${value}`) }))}
        />
      </FilterBar>
      <DataTable
        label={t(`kind.${word}`)}
        list={list}
        columns={columns}
        rowId={({ key, classKey }) => `${classKey} ${key}`}
        onOpen={(group) => go(`/risks/${word}/view`, groupAddress(group, by))}
        keys={mayDecide ? { i: (rows: readonly Group[]) => named(rows).length > 0 && setDeciding(named(rows)) } : {}}
        {...(mayDecide
          ? {
              bulk: (rows: readonly Group[], clear: () => void) =>
                named(rows).length === 0 ? null : (
                  <DecideButtons
                    statuses={rows.map(({ status }) => status)}
                    busy={change.isPending}
                    decide={() => setDeciding(named(rows))}
                    reopen={() => {
                      change.mutate(changeOfGroups(named(rows), 'open', ''));
                      clear();
                    }}
                  />
                ),
            }
          : {})}
        empty={
          <NarrowedEmpty filter={q}>
            <EmptyState title={t(`empty.${word}`)} hint={t('empty.hint')} />
          </NarrowedEmpty>
        }
      />
      <StatusDialog
        opened={deciding !== null}
        close={() => setDeciding(null)}
        subject={
          deciding?.length === 1 && deciding[0] !== undefined
            ? text(deciding[0].title)
            : t('dialog.rules', { count: deciding?.length ?? 0 })
        }
        reach={t('dialog.reachAll')}
        apply={(status, reason) => deciding && change.mutate(changeOfGroups(deciding, status, reason))}
      />
    </>
  );
}
