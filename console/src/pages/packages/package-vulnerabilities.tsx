import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { useUrlState } from '../../app/url-state.ts';
import { ExportButton } from '../../components/export/export-button.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../components/table/filtered-empty.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { bothFilters } from '../../filter/terms.ts';
import { useVulnerabilityColumns, vulnerabilityAddress } from '../vulns/vulnerability-columns.tsx';

type SortName = NonNullable<Schema<'ExportOrderInput'>['sort']>['by'];

/** Vulnerabilities that a filter of packages selects. */
export function PackageVulnerabilities({ filter }: { readonly filter: string }) {
  const { t } = useTranslation('packages');
  const go = useGo();
  const [q] = useUrlState('q');
  const [sort] = useUrlState('sort', 'worst');
  const [direction] = useUrlState('dir');
  const descending = direction !== 'asc';
  const by = sort as SortName;
  const both = bothFilters(filter, q);
  const list = usePagedList('/api/v1/vulnerabilities', {
    query: { q: both, sort: by, descending: descending ? 'true' : 'false' },
  });
  const columns = useVulnerabilityColumns();
  return (
    <>
      <FilterBar error={list.error} />
      <DataTable
        label={t('tab.vulnerabilities')}
        list={list}
        columns={columns}
        rowId={({ key }) => key}
        onOpen={({ key }) => go(vulnerabilityAddress(key))}
        sort={{ by: 'worst', descending: true }}
        tools={<ExportButton subject="findings" grain="vulnerability" filter={both} sort={{ by, descending }} />}
        grow
        empty={
          <FilteredEmpty filter={q}>
            <EmptyState title={t('noFindings')} hint={t('noFindingsHint')} />
          </FilteredEmpty>
        }
      />
    </>
  );
}
