import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { ExportButton } from '../../components/export/export-button.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { toast } from '../../components/feedback/toasts.tsx';
import { FilterBar } from '../../components/filter/filter-bar.tsx';
import { IgnoreDialog } from '../../components/ignore/ignore-dialog.tsx';
import { placeOf } from '../../components/ignore/use-draft.ts';
import { Page } from '../../components/page/page.tsx';
import { DataTable } from '../../components/table/data-table.tsx';
import { FilteredEmpty } from '../../components/table/filtered-empty.tsx';
import { FixImagesDialog } from './fix-images-dialog.tsx';
import { fixableImages } from './fix-orders.ts';
import { ImageBulk } from './image-bulk.tsx';
import { useImageColumns } from './image-columns.tsx';
import { ImageFacets } from './image-facets.tsx';
import { useImageList } from './use-image-list.ts';

type Image = Schema<'Image'>;

/** What is asked about, and what to do with the selection afterwards. */
interface Asked {
  readonly images: readonly Image[];
  readonly clear: () => void;
}

/** All images, the worst first; filter, order and columns are in the address. */
export function ImagesPage() {
  const { t } = useTranslation('images');
  const { may } = useSession();
  const go = useGo();
  const [q] = useUrlState('q');
  const list = useImageList(q);
  const columns = useImageColumns();
  const [fixing, setFixing] = useState<Asked | null>(null);
  const [ignoring, setIgnoring] = useState<Image | null>(null);
  const mayScan = may('drydock:scan:start');
  const mayFix = may('drydock:fix:start');
  const mayIgnore = may('drydock:decision:write');
  const fix = (images: readonly Image[], clear: () => void): void => {
    const [first, ...rest] = fixableImages(images);
    if (first === undefined) toast(t('fix.none'), { bad: true });
    // One image has a plan to look at; several are ordered after a question.
    else if (rest.length === 0) go(`/images/${first.uuid}/fix`);
    else setFixing({ images, clear });
  };
  const ignore = ([image, ...rest]: readonly Image[]): void => {
    if (image === undefined) return;
    if (rest.length > 0) toast(t('ignore.one'), { bad: true });
    else setIgnoring(image);
  };
  return (
    <Page title={t('title')} subtitle={t('subtitle')} fill>
      <FilterBar error={list.error}>
        <ImageFacets filter={q} />
      </FilterBar>
      <DataTable
        label={t('title')}
        list={list}
        columns={columns}
        rowId={({ uuid }) => uuid}
        onOpen={({ uuid }) => go(`/images/${uuid}`)}
        sort={{ by: 'worst', descending: true }}
        keys={{
          ...(mayFix ? { f: (images: readonly Image[]) => images.length > 0 && fix(images, () => {}) } : {}),
          ...(mayIgnore ? { i: ignore } : {}),
        }}
        tools={<ExportButton subject="images" filter={q} />}
        {...(mayScan || mayFix || mayIgnore
          ? {
              bulk: (images: readonly Image[], clear: () => void) => (
                <ImageBulk
                  images={images}
                  clear={clear}
                  mayScan={mayScan}
                  fix={mayFix ? () => fix(images, clear) : undefined}
                  ignore={mayIgnore ? () => ignore(images) : undefined}
                />
              ),
            }
          : {})}
        empty={
          <FilteredEmpty filter={q}>
            <EmptyState
              title={t('empty')}
              hint={t('emptyHint')}
              action={may('drydock:registry:write') ? <Link to="/registries/new">{t('addRegistry')}</Link> : undefined}
            />
          </FilteredEmpty>
        }
      />
      <FixImagesDialog
        opened={fixing !== null}
        close={() => setFixing(null)}
        images={fixing?.images ?? []}
        after={() => fixing?.clear()}
      />
      <IgnoreDialog
        opened={ignoring !== null}
        close={() => setIgnoring(null)}
        vulnerabilities={[]}
        image={ignoring === null ? undefined : placeOf(ignoring)}
      />
    </Page>
  );
}
