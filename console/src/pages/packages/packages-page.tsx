import { useTranslation } from 'react-i18next';
import { useGo } from '../../app/go.ts';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { SearchField } from '../../components/filter/search-field.tsx';
import { Page } from '../../components/page/page.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../components/table/filtered-empty.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { packageSearch, usePackageColumns } from './package-columns.tsx';
import classes from './packages.module.css';

/** Packages of the estate by name; without a name those that have findings. */
export function PackagesPage() {
  const { t } = useTranslation('packages');
  const go = useGo();
  const [name] = useUrlState('name');
  const list = usePagedList('/api/v1/packages', { query: { name } });
  const columns = usePackageColumns();
  return (
    <Page title={t('title')} subtitle={t(name === '' ? 'subtitle' : 'subtitleNamed')} fill>
      <SearchField name="name" label={t('search')} placeholder={t('searchHint')} className={classes.search ?? ''} />
      <DataTable
        label={t('title')}
        list={list}
        columns={columns}
        rowId={({ purl }) => purl}
        onOpen={(row) => go('/packages/view', packageSearch(row))}
        empty={
          <FilteredEmpty filter={name} name="name">
            <EmptyState title={t('empty')} hint={t('emptyHint')} />
          </FilteredEmpty>
        }
      />
    </Page>
  );
}
