import { Button } from '@mantine/core';
import { IconEyeOff, IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { ExportButton } from '../../components/export/export-button.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { BulkFixDialog } from '../../components/fix/bulk-fix-dialog.tsx';
import { IgnoreDialog } from '../../components/ignore/ignore-dialog.tsx';
import { Page } from '../../components/page/page.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../components/table/filtered-empty.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { useVulnerabilityColumns, vulnerabilityAddress } from './vulnerability-columns.tsx';
import { VulnerabilityFacets } from './vulnerability-facets.tsx';

type Vulnerability = Schema<'Vulnerability'>;
type SortName = NonNullable<Schema<'ExportOrderInput'>['sort']>['by'];

/** Rows that a dialog is about; they stay while it closes. */
interface Chosen {
  readonly opened: boolean;
  readonly rows: readonly Vulnerability[];
  readonly clear: () => void;
}

const nobody: Chosen = { opened: false, rows: [], clear: () => {} };

/** Vulnerabilities of the estate, each once for every release of a distribution; the worst first. */
export function VulnerabilitiesPage() {
  const { t } = useTranslation('vulns');
  const { may } = useSession();
  const go = useGo();
  const [q] = useUrlState('q');
  const [sort] = useUrlState('sort', 'worst');
  const [direction] = useUrlState('dir');
  const descending = direction !== 'asc';
  const by = sort as SortName;
  const list = usePagedList('/api/v1/vulnerabilities', {
    query: { q, sort: by, descending: descending ? 'true' : 'false' },
  });
  const columns = useVulnerabilityColumns();
  const [fixing, setFixing] = useState(nobody);
  const [ignoring, setIgnoring] = useState(nobody);
  const mayFix = may('drydock:fix:start');
  const mayIgnore = may('drydock:decision:write');
  const open = (set: (chosen: Chosen) => void) => (rows: readonly Vulnerability[]) =>
    rows.length > 0 && set({ opened: true, rows, clear: () => {} });
  return (
    <Page title={t('title')} subtitle={t('subtitle')} fill>
      <FilterBar error={list.error}>
        <VulnerabilityFacets />
      </FilterBar>
      <DataTable
        label={t('title')}
        list={list}
        columns={columns}
        rowId={({ key }) => key}
        onOpen={({ key }) => go(vulnerabilityAddress(key))}
        sort={{ by: 'worst', descending: true }}
        keys={{ ...(mayFix ? { f: open(setFixing) } : {}), ...(mayIgnore ? { i: open(setIgnoring) } : {}) }}
        tools={<ExportButton subject="findings" grain="vulnerability" filter={q} sort={{ by, descending }} />}
        {...(mayFix || mayIgnore
          ? {
              bulk: (rows: readonly Vulnerability[], clear: () => void) => (
                <>
                  {mayFix && (
                    <Button
                      size="compact-sm"
                      variant="light"
                      leftSection={<IconTool size={15} />}
                      onClick={() => setFixing({ opened: true, rows, clear })}
                    >
                      {t('fix')}
                    </Button>
                  )}
                  {mayIgnore && (
                    <Button
                      size="compact-sm"
                      variant="light"
                      leftSection={<IconEyeOff size={15} />}
                      onClick={() => setIgnoring({ opened: true, rows, clear })}
                    >
                      {t('ignore')}
                    </Button>
                  )}
                </>
              ),
            }
          : {})}
        empty={
          <FilteredEmpty filter={q}>
            <EmptyState title={t('empty')} hint={t('emptyHint')} action={<Link to="/images">{t('toImages')}</Link>} />
          </FilteredEmpty>
        }
      />
      <BulkFixDialog
        opened={fixing.opened}
        close={() => setFixing({ ...fixing, opened: false })}
        vulnerabilities={fixing.rows}
        after={fixing.clear}
      />
      <IgnoreDialog
        opened={ignoring.opened}
        close={() => setIgnoring({ ...ignoring, opened: false })}
        vulnerabilities={[...new Set(ignoring.rows.map(({ id }) => id))]}
        after={ignoring.clear}
      />
    </Page>
  );
}
