import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { SearchField } from '../../components/filter/search-field.tsx';
import { Clip, CopyButton, Count } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../components/table/filtered-empty.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { quoted } from '../../filter/terms.ts';
import classes from './image-page.module.css';

type Package = Schema<'ImagePackage'>;

/** What is installed in an image, and which of it has findings. */
export function PackagesTab({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const [name] = useUrlState('name');
  const list = usePagedList('/api/v1/images/{uuid}/packages', { path: { uuid: image.uuid }, query: { name } });
  const columns = usePackageColumns();
  return (
    <>
      <div className={classes.search}>
        <SearchField name="name" label={t('packages.search')} />
      </div>
      <DataTable
        label={t('tab.packages')}
        name="p"
        list={list}
        columns={columns}
        rowId={({ purl, version }) => `${purl} ${version}`}
        empty={
          <FilteredEmpty filter={name} name="name">
            <EmptyState
              title={image.scan.finishedAt === null ? t('empty.unscanned') : t('empty.packages')}
              hint={image.scan.finishedAt === null ? t('empty.unscannedPackages') : t('empty.packagesHint')}
            />
          </FilteredEmpty>
        }
      />
    </>
  );
}

function usePackageColumns(): readonly Column<Package>[] {
  const { t } = useTranslation('image');
  return useMemo(
    () => [
      { id: 'name', label: t('column.name'), width: 'minmax(12rem, 2fr)', cell: ({ name }) => <Clip text={name} /> },
      {
        id: 'version',
        label: t('column.version'),
        width: 'minmax(10rem, 1.5fr)',
        cell: ({ version }) => <Clip text={version} />,
      },
      { id: 'type', label: t('column.type'), width: '7rem', cell: ({ type }) => <Clip text={type} /> },
      {
        id: 'findings',
        label: t('column.findings'),
        width: '7rem',
        align: 'end',
        cell: ({ name, findings }) =>
          findings === 0 ? (
            <Count value={0} />
          ) : (
            <Link to="." search={{ q: `package:${quoted(name)}` }} title={t('packages.show')}>
              <Count value={findings} />
            </Link>
          ),
      },
      {
        id: 'paths',
        label: t('column.path'),
        width: 'minmax(14rem, 2fr)',
        cell: ({ paths }) => <Clip text={paths.join(', ')} mono />,
      },
      {
        id: 'purl',
        label: t('column.purl'),
        width: 'minmax(16rem, 2fr)',
        hidden: true,
        cell: ({ purl }) => (
          <span className={classes.label}>
            <Clip text={purl} mono />
            <CopyButton text={purl} />
          </span>
        ),
      },
    ],
    [t],
  );
}
