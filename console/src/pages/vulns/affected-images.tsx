import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { inPieces } from '../../api/in-pieces.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { useUrlState } from '../../app/url-state.ts';
import { ExportButton } from '../../components/export/export-button.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { Status } from '../../components/show/status.tsx';
import { Clip } from '../../components/show/values.tsx';
import type { Column } from '../../components/table/columns.ts';
import { DataTable } from '../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../components/table/filtered-empty.tsx';
import { usePagedList } from '../../components/table/use-list.ts';
import { bothFilters, quoted } from '../../filter/terms.ts';
import { useImageColumns } from '../images/image-columns.tsx';

type Image = Schema<'Image'>;
type Finding = Schema<'Finding'>;

/** Images whose packages are asked for at once: their uuids stand in an address. */
const atOnce = 100;

/** A filter that names a vulnerability by its id or its key. */
function vulnerabilityFilter(name: string): string {
  return `${name.includes(':') ? 'key' : 'vuln'}:${quoted(name)}`;
}

/** Which packages of these images have the vulnerability; asked in the pieces in which the images were loaded. */
function usePackages(vulnerability: string, images: readonly Image[]): ReadonlyMap<string, readonly Finding[]> {
  const pieces = useMemo(() => inPieces(images, atOnce), [images]);
  return useQueries({
    queries: pieces.map((piece) => {
      const q = `${vulnerabilityFilter(vulnerability)} uuid:${piece.map(({ uuid }) => uuid).join(',')}`;
      return {
        queryKey: ['get', '/api/v1/findings', q],
        queryFn: async ({ signal }: { signal: AbortSignal }) =>
          (await api.GET('/api/v1/findings', { params: { query: { q, grain: 'record', limit: '500' } }, signal })).data
            ?.items ?? [],
      };
    }),
    combine: (answers) => {
      const found = new Map<string, Finding[]>();
      for (const finding of answers.flatMap(({ data }) => data ?? [])) {
        found.set(finding.imageUuid, [...(found.get(finding.imageUuid) ?? []), finding]);
      }
      return found;
    },
  });
}

/** Images that have a vulnerability, with the packages it is in; the worst first. */
export function AffectedImages({ vulnerability }: { readonly vulnerability: string }) {
  const { t } = useTranslation(['vulns', 'common']);
  const go = useGo();
  const { may } = useSession();
  const [q] = useUrlState('q');
  const list = usePagedList('/api/v1/vulnerabilities/{key}/images', { path: { key: vulnerability }, query: { q } });
  const found = usePackages(vulnerability, list.rows);
  const base = useImageColumns();
  const columns = useMemo<readonly Column<Image>[]>(() => {
    const pick = (id: string): readonly Column<Image>[] => base.filter((column) => column.id === id);
    const packagesOf = (image: Image): Finding['packages'] =>
      (found.get(image.uuid) ?? []).flatMap(({ packages }) => packages);
    const distinct = (texts: readonly (string | null)[]): string =>
      [...new Set(texts.filter((text) => text !== null))].join(', ');
    const own: readonly Column<Image>[] = [
      ...pick('image'),
      {
        id: 'packages',
        label: t('column.packages'),
        width: 'minmax(12rem, 2fr)',
        cell: (image) => <Clip text={distinct(packagesOf(image).map(({ name, version }) => `${name} ${version}`))} />,
      },
      {
        id: 'fixed',
        label: t('column.fixedVersion'),
        width: 'minmax(8rem, 1fr)',
        cell: (image) => <Clip text={distinct(packagesOf(image).map(({ fixedVersion }) => fixedVersion)) || '–'} />,
      },
      {
        id: 'state',
        label: t('column.state'),
        width: '9rem',
        cell: (image) => {
          const records = found.get(image.uuid) ?? [];
          const handled = records.find((one) => one.handled !== null)?.handled;
          if (records.some(({ fixing }) => fixing)) return <Status tone="busy" label={t('state.fixing')} />;
          if (records.length > 0 && records.every((one) => one.handled !== null)) {
            return <Status tone="quiet" label={t('state.handled')} title={handled?.reason ?? ''} />;
          }
          return records.length === 0 ? null : <Status tone="warn" label={t('state.open')} />;
        },
      },
      ...pick('scanned'),
      ...pick('since'),
      ...pick('registry'),
      ...pick('digest'),
    ];
    return own.map((column) => withoutSort(column));
  }, [base, found, t]);
  const mayFix = may('drydock:fix:start');
  return (
    <>
      <FilterBar error={list.error} />
      <DataTable
        label={t('tab.images')}
        list={list}
        columns={columns}
        rowId={({ uuid }) => uuid}
        onOpen={({ uuid }) => go(`/images/${uuid}`)}
        {...(mayFix ? { keys: { f: ([image]: readonly Image[]) => image && go(`/images/${image.uuid}/fix`) } } : {})}
        tools={<ExportButton subject="findings" filter={bothFilters(vulnerabilityFilter(vulnerability), q)} />}
        grow
        empty={
          <FilteredEmpty filter={q}>
            <EmptyState title={t('noImages')} hint={t('noImagesHint')} />
          </FilteredEmpty>
        }
      />
    </>
  );
}

/** This list has one order: the worst first. */
function withoutSort<Row>({ sort: _sort, ...column }: Column<Row>): Column<Row> {
  return column;
}
