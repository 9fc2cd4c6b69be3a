import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useUrlState } from '../../app/url-state.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import type { List } from '../../components/table/use-list.ts';
import { DecideButtons } from './decide-buttons.tsx';
import { useRiskColumns } from './risk-columns.tsx';
import { RiskDrawer } from './risk-drawer.tsx';
import { StatusDialog } from './status-dialog.tsx';
import { changeOfHits } from './status-orders.ts';
import { useRiskStatus } from './use-risk-status.ts';

type Hit = Schema<'RiskHit'>;

interface RiskHitsProps {
  readonly label: string;
  readonly list: List<Hit>;
  readonly ofOneImage: boolean;
  readonly mayDecide: boolean;
  readonly empty: React.ReactNode;
}

/** A table of findings of risks: details in a drawer, decisions on the selected ones, `i` asks for one. */
export function RiskHits({ label, list, ofOneImage, mayDecide, empty }: RiskHitsProps) {
  const { t } = useTranslation('risks');
  const columns = useRiskColumns({ ofOneImage });
  const [open, setOpen] = useUrlState('hit');
  const [deciding, setDeciding] = useState<readonly Hit[] | null>(null);
  const change = useRiskStatus();
  const reopen = (hits: readonly Hit[]): void =>
    change.mutate(
      changeOfHits(
        hits.filter(({ status }) => status !== 'open'),
        'open',
        '',
      ),
    );
  return (
    <>
      <DataTable
        label={label}
        list={list}
        columns={columns}
        rowId={({ id }) => String(id)}
        onOpen={({ id }) => setOpen(String(id), { push: true })}
        keys={mayDecide ? { i: (rows: readonly Hit[]) => rows.length > 0 && setDeciding(rows) } : {}}
        {...(mayDecide
          ? {
              bulk: (rows: readonly Hit[], clear: () => void) => (
                <DecideButtons
                  statuses={rows.map(({ status }) => status)}
                  busy={change.isPending}
                  decide={() => setDeciding(rows)}
                  reopen={() => {
                    reopen(rows);
                    clear();
                  }}
                />
              ),
            }
          : {})}
        empty={empty}
      />
      <RiskDrawer
        hit={list.rows.find(({ id }) => String(id) === open) ?? null}
        close={() => setOpen('')}
        busy={change.isPending}
        decide={mayDecide ? (hit) => setDeciding([hit]) : undefined}
        reopen={(hit) => reopen([hit])}
      />
      <StatusDialog
        opened={deciding !== null}
        close={() => setDeciding(null)}
        subject={t('dialog.findings', { count: deciding?.length ?? 0 })}
        reach={t('dialog.reachHits')}
        apply={(status, reason) => deciding && change.mutate(changeOfHits(deciding, status, reason))}
      />
    </>
  );
}
