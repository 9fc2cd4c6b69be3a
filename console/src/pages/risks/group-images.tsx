import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { SeverityBadge } from '../../components/show/severity.tsx';
import { Clip, Count, Time } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { DecideButtons } from './decide-buttons.tsx';
import type { GroupQuery } from './risk-group-page.tsx';
import type { RiskWord } from './risk-kinds.ts';
import { RiskStatusLabel } from './risk-status-label.tsx';
import { StatusDialog } from './status-dialog.tsx';
import { changeOfGroups, ruleOf } from './status-orders.ts';
import { useRiskStatus } from './use-risk-status.ts';

type RiskImage = Schema<'RiskImage'>;

interface GroupImagesProps {
  readonly word: RiskWord;
  readonly group: Schema<'RiskGroup'>;
  readonly query: GroupQuery;
  readonly mayDecide: boolean;
}

/** Images in which a rule shows; decisions hold for the rule in the selected ones. */
export function GroupImages({ word, group, query, mayDecide }: GroupImagesProps) {
  const { t } = useTranslation('risks');
  const go = useGo();
  const list = usePagedList('/api/v1/risks/{kind}/images', {
    path: { kind: word },
    query: { ...query, listed: 'true' },
  });
  const columns = useColumns(word);
  const change = useRiskStatus();
  const [deciding, setDeciding] = useState<readonly RiskImage[] | null>(null);
  const uuids = (rows: readonly RiskImage[]): readonly string[] => rows.map(({ image }) => image.uuid);
  const decidable = mayDecide && ruleOf(group) !== null;
  return (
    <>
      <DataTable
        label={t('column.images')}
        list={list}
        columns={columns}
        rowId={({ image }) => image.uuid}
        onOpen={({ image }) => go(`/images/${image.uuid}`, addressOf(word))}
        keys={decidable ? { i: (rows: readonly RiskImage[]) => rows.length > 0 && setDeciding(rows) } : {}}
        {...(decidable
          ? {
              bulk: (rows: readonly RiskImage[], clear: () => void) => (
                <DecideButtons
                  statuses={rows.map(({ status }) => status)}
                  busy={change.isPending}
                  decide={() => setDeciding(rows)}
                  reopen={() => {
                    change.mutate(changeOfGroups([group], 'open', '', uuids(rows)));
                    clear();
                  }}
                />
              ),
            }
          : {})}
        empty={<EmptyState title={t('gone')} hint={t('goneHint')} />}
      />
      <StatusDialog
        opened={deciding !== null}
        close={() => setDeciding(null)}
        subject={t('dialog.images', { count: deciding?.length ?? 0 })}
        apply={(status, reason) => deciding && change.mutate(changeOfGroups([group], status, reason, uuids(deciding)))}
      />
    </>
  );
}

/** The tab of an image that shows a kind of risk. */
function addressOf(word: RiskWord): Readonly<Record<string, string>> {
  return word === 'instructions' ? { tab: 'baseline', of: 'instructions' } : { tab: word };
}

function useColumns(word: RiskWord): readonly Column<RiskImage>[] {
  const { t } = useTranslation('risks');
  return useMemo(
    () => [
      {
        id: 'image',
        label: t('column.image'),
        width: 'minmax(16rem, 3fr)',
        cell: ({ image: { uuid, repository, tag } }) => (
          <Link to={`/images/${uuid}`} search={addressOf(word)}>
            <Clip text={tag === null ? repository : `${repository}:${tag}`} />
          </Link>
        ),
      },
      { id: 'level', label: t('column.level'), width: '7rem', cell: ({ level }) => <SeverityBadge level={level} /> },
      {
        id: 'hits',
        label: t('column.hits'),
        width: '7rem',
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
        id: 'firstSeen',
        label: t('column.firstSeen'),
        width: '9rem',
        cell: ({ firstSeen }) => <Time at={firstSeen} />,
      },
      {
        id: 'registry',
        label: t('column.registry'),
        width: '9rem',
        hidden: true,
        cell: ({ image }) => <Clip text={image.registry.name} />,
      },
    ],
    [t, word],
  );
}
