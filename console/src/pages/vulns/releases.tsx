import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { SeverityBadge } from '../../components/show/severity.tsx';
import { Clip, Count } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { useWholeList } from '../../components/table/use-list.ts';
import { quoted } from '../../filter/terms.ts';
import { placeOfKey, vulnerabilityAddress } from './vulnerability-columns.tsx';
import classes from './vulns.module.css';

type Release = Schema<'Vulnerability'>;
type Package = Schema<'Finding'>['packages'][number];

/** What is looked at of a release to tell its packages: those of many images are the same. */
const samples = '100';

/** Packages of each release that have the vulnerability, from findings of some of its images. */
function usePackagesOf(releases: readonly Release[]): ReadonlyMap<string, readonly Package[]> {
  return useQueries({
    queries: releases.map(({ key }) => ({
      queryKey: ['get', '/api/v1/findings', 'release', key],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const query = { q: `key:${quoted(key)}`, grain: 'record', limit: samples } as const;
        const { data } = await api.GET('/api/v1/findings', { params: { query }, signal });
        return [key, data?.items.flatMap(({ packages }) => packages) ?? []] as const;
      },
    })),
    combine: (answers) => new Map(answers.flatMap(({ data }) => (data === undefined ? [] : [data]))),
  });
}

/** The same vulnerability by distribution release and ecosystem, with what each published about it. */
export function Releases({ releases, loading }: { readonly releases: readonly Release[]; readonly loading: boolean }) {
  const { t } = useTranslation('vulns');
  const go = useGo();
  const packages = usePackagesOf(releases);
  const list = useWholeList({ data: loading ? undefined : releases, error: null, isPending: loading, refetch() {} });
  const columns = useMemo<readonly Column<Release>[]>(
    () => [
      {
        id: 'place',
        label: t('column.place'),
        width: 'minmax(9rem, 1fr)',
        cell: (row) => (
          <Link to={vulnerabilityAddress(row.key)} className={classes.id}>
            <bdi>{placeOfKey(row)}</bdi>
          </Link>
        ),
      },
      {
        id: 'severity',
        label: t('column.severity'),
        width: '7rem',
        cell: ({ severity }) => <SeverityBadge level={severity} />,
      },
      {
        id: 'packages',
        label: t('column.packages'),
        width: 'minmax(10rem, 1.4fr)',
        cell: ({ key }) => <Clip text={distinct(packages.get(key), ({ name }) => name)} />,
      },
      {
        id: 'fixed',
        label: t('column.fixedVersion'),
        width: 'minmax(10rem, 1.4fr)',
        cell: ({ key }) => {
          const own = packages.get(key);
          if (own === undefined) return null;
          const versions = distinct(own, ({ fixedVersion }) => fixedVersion);
          return (
            <Clip
              text={
                versions === '' ? distinct(own, ({ state }) => t(`fixState.${state}` as 'fixState.unfixed')) : versions
              }
            />
          );
        },
      },
      {
        id: 'images',
        label: t('column.images'),
        width: '6rem',
        align: 'end',
        cell: ({ images }) => <Count value={images} />,
      },
      {
        id: 'open',
        label: t('column.open'),
        width: '6rem',
        align: 'end',
        cell: ({ openFindings }) => <Count value={openFindings} />,
      },
      {
        id: 'handled',
        label: t('column.handled'),
        width: '6rem',
        align: 'end',
        cell: ({ handledFindings }) => <Count value={handledFindings} />,
      },
    ],
    [packages, t],
  );
  return (
    <DataTable
      label={t('tab.releases')}
      name="rel"
      list={list}
      columns={columns}
      rowId={({ key }) => key}
      onOpen={({ key }) => go(vulnerabilityAddress(key))}
      grow
      empty={<EmptyState title={t('noImages')} hint={t('noImagesHint')} />}
    />
  );
}

function distinct(packages: readonly Package[] | undefined, text: (one: Package) => string | null): string {
  return [...new Set((packages ?? []).map(text).filter((value) => value !== null))].join(', ');
}
