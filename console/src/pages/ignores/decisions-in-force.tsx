import { Button, Select } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useUrlState } from '../../app/url-state.ts';
import { useMayDecide } from '../../components/decision/rights.ts';
import { useRevoke } from '../../components/decision/use-revoke.ts';
import { useScopeNames } from '../../components/decision/use-scope-names.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { SearchField } from '../../components/filter/search-field.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../components/table/filtered-empty.tsx';
import { useDecisionColumns } from './decision-columns.tsx';
import { DecisionDrawer } from './decision-drawer.tsx';
import classes from './ignores.module.css';
import { useAllDecisions } from './use-all-decisions.ts';

type Decision = Schema<'Decision'>;

const kinds = ['ignore', 'whitelist', 'vex', 'baseline', 'instruction', 'malicious', 'sensitive'] as const;

/** Decisions that hold now; those that end soonest first. */
export function DecisionsInForce({ add }: { readonly add: (() => void) | undefined }) {
  const { t } = useTranslation(['ignores', 'common']);
  const [text] = useUrlState('text');
  const [kind, setKind] = useUrlState('kind');
  const [source, setSource] = useUrlState('source');
  const [open, setOpen] = useUrlState('open');
  const mayDecide = useMayDecide();
  const revoke = useRevoke();
  const list = useAllDecisions({ kind: kinds.find((one) => one === kind), text, source });
  const scopes = useMemo(() => list.rows.map(({ scope }) => scope), [list.rows]);
  const names = useScopeNames(scopes);
  const columns = useDecisionColumns(names);
  const anyMay = list.rows.some(mayDecide);
  return (
    <>
      <div className={classes.bar}>
        <SearchField name="text" label={t('search')} className={classes.search ?? ''} />
        <Select
          aria-label={t('column.kind')}
          data={[{ value: '', label: t('allKinds') }, ...kinds.map((value) => ({ value, label: t(`kind.${value}`) }))]}
          value={kind}
          onChange={(value) => setKind(value ?? '', { push: true })}
        />
        {source !== '' && (
          <Button variant="light" onClick={() => setSource('', { push: true })}>
            {t('onlySource', { source })}
          </Button>
        )}
      </div>
      <DataTable
        label={t('tab.force')}
        list={list}
        columns={columns}
        rowId={({ id }) => String(id)}
        onOpen={({ id }) => setOpen(String(id), { push: true })}
        {...(anyMay
          ? {
              bulk: (rows: readonly Decision[], clear: () => void) => (
                <Button
                  size="compact-sm"
                  variant="light"
                  leftSection={<IconArrowBackUp size={15} />}
                  loading={revoke.isPending}
                  disabled={!rows.some(mayDecide)}
                  onClick={() => revoke.mutate(rows.filter(mayDecide), { onSuccess: clear })}
                >
                  {t('revoke')}
                </Button>
              ),
            }
          : {})}
        empty={
          <FilteredEmpty filter={text} name="text">
            <EmptyState
              title={t(kind === '' && source === '' ? 'empty' : 'emptyKind')}
              hint={t('emptyHint')}
              action={
                add !== undefined && (
                  <Button variant="default" onClick={add}>
                    {t('addIgnore')}
                  </Button>
                )
              }
            />
          </FilteredEmpty>
        }
      />
      <DecisionDrawer id={open} close={() => setOpen('')} />
    </>
  );
}
