import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { useSession } from '../../../api/session.tsx';
import { useGo } from '../../../app/go.ts';
import { useUrlState } from '../../../app/url-state.ts';
import { ExportButton } from '../../../components/export/export-button.tsx';
import { EmptyState } from '../../../components/feedback/states.tsx';
import { toast } from '../../../components/feedback/toasts.tsx';
import { FilterBar } from '../../../components/filter/filter-bar.tsx';
import { IgnoreDialog } from '../../../components/ignore/ignore-dialog.tsx';
import { placeOf } from '../../../components/ignore/use-draft.ts';
import { DataTable } from '../../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../../components/table/filtered-empty.tsx';
import { FindingBulk } from './finding-bulk.tsx';
import { findingId, useFindingColumns } from './finding-columns.tsx';
import { FindingDrawer } from './finding-drawer.tsx';
import { FindingFacets } from './finding-facets.tsx';
import { fixableOf } from './fixable.ts';
import { useFindingList } from './use-finding-list.ts';

type Finding = Schema<'Finding'>;

/** Vulnerabilities of one image: the filter of the user within the image, details in a drawer, fix and ignore in bulk. */
export function VulnerabilitiesTab({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { may } = useSession();
  const go = useGo();
  const [open, setOpen] = useUrlState('open');
  const [ignored, setIgnored] = useState<readonly Finding[] | null>(null);
  const { q, filter, list } = useFindingList(image.uuid);
  const columns = useFindingColumns();
  const mayFix = may('drydock:fix:start', image.projectId);
  const mayIgnore = may('drydock:decision:write', image.projectId);
  const fix = (rows: readonly Finding[]): void => {
    const records = fixableOf(rows);
    if (records.length === 0) toast(t('bulk.noneFixable'), { bad: true });
    else go(`/images/${image.uuid}/fix`, { records: records.join(',') });
  };
  return (
    <>
      <FilterBar error={list.error}>
        <FindingFacets />
      </FilterBar>
      <DataTable
        label={t('tab.vulnerabilities')}
        list={list}
        columns={columns}
        rowId={findingId}
        onOpen={({ recordId }) => setOpen(String(recordId), { push: true })}
        sort={{ by: 'worst', descending: true }}
        keys={{
          ...(mayFix ? { f: fix } : {}),
          ...(mayIgnore ? { i: (rows: readonly Finding[]) => rows.length > 0 && setIgnored(rows) } : {}),
        }}
        tools={<ExportButton subject="findings" filter={filter} />}
        {...(mayFix || mayIgnore
          ? {
              bulk: (rows: readonly Finding[]) => (
                <FindingBulk
                  rows={rows}
                  fix={mayFix ? () => fix(rows) : undefined}
                  ignore={mayIgnore ? () => setIgnored(rows) : undefined}
                />
              ),
            }
          : {})}
        empty={
          <FilteredEmpty filter={q}>
            <NoVulnerabilities image={image} />
          </FilteredEmpty>
        }
      />
      <FindingDrawer
        image={image}
        record={open}
        close={() => setOpen('')}
        fix={mayFix ? fix : undefined}
        ignore={mayIgnore ? (finding) => setIgnored([finding]) : undefined}
      />
      <IgnoreDialog
        opened={ignored !== null}
        close={() => setIgnored(null)}
        vulnerabilities={[...new Set((ignored ?? []).map(({ vulnerability }) => vulnerability.id))]}
        image={placeOf(image)}
        packages={[...new Set((ignored ?? []).flatMap(({ packages }) => packages.map(({ name }) => name)))]}
      />
    </>
  );
}

/** Why there is nothing: only a whole scan says that nothing is known. */
function NoVulnerabilities({ image: { scan } }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  if (scan.finishedAt === null) return <EmptyState title={t('empty.unscanned')} hint={t('empty.unscannedHint')} />;
  if (scan.state === 'matched') {
    return <EmptyState title={t('empty.vulnerabilities')} hint={t('empty.vulnerabilitiesHint')} />;
  }
  if (scan.state === 'partial') return <EmptyState title={t('empty.partial')} hint={t('empty.partialHint')} />;
  return <EmptyState title={t('empty.unjudged')} hint={scan.reason?.message} />;
}
