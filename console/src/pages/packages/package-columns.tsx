import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { Clip, Count } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import classes from './packages.module.css';

type EstatePackage = Schema<'EstatePackage'>;

/** Address of the page of a package, or of one version of it. */
export function packageSearch({ name, version }: { readonly name: string; readonly version?: string }) {
  return { name, ...(version === undefined ? {} : { version }) };
}

/** Columns of tables of packages. */
export function usePackageColumns(): readonly Column<EstatePackage>[] {
  const { t } = useTranslation('packages');
  return useMemo(
    () => [
      {
        id: 'name',
        label: t('column.name'),
        width: 'minmax(12rem, 2fr)',
        cell: (row) => (
          <Link to="/packages/view" search={packageSearch(row)} className={classes.name}>
            <Clip text={row.name} />
          </Link>
        ),
      },
      {
        id: 'version',
        label: t('column.version'),
        width: 'minmax(10rem, 1.5fr)',
        cell: ({ version }) => <Clip text={version} />,
      },
      { id: 'type', label: t('column.type'), width: '7rem', cell: ({ type }) => <Clip text={type} /> },
      {
        id: 'images',
        label: t('column.images'),
        width: '7rem',
        align: 'end',
        cell: ({ images }) => <Count value={images} />,
      },
      {
        id: 'findings',
        label: t('column.findings'),
        width: '7rem',
        align: 'end',
        cell: ({ findings }) => <Count value={findings} />,
      },
      {
        id: 'purl',
        label: t('column.purl'),
        width: 'minmax(16rem, 2fr)',
        hidden: true,
        cell: ({ purl }) => <Clip text={purl} mono />,
      },
    ],
    [t],
  );
}
