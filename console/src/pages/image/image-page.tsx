import { Skeleton } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Page } from '../../components/page/page.tsx';
import { type PageTab, PageTabs } from '../../components/page/page-tabs.tsx';
import { ImageActions } from './image-actions.tsx';
import { ImageLabels } from './image-labels.tsx';
import { ImageNotices } from './image-notices.tsx';
import classes from './image-page.module.css';
import { useImage } from './use-image.ts';
import { VerdictStrip } from './verdict-strip.tsx';
import { useFindingList } from './vulnerabilities/use-finding-list.ts';
import { VulnerabilitiesTab } from './vulnerabilities/vulnerabilities-tab.tsx';

type Image = Schema<'Image'>;

const PackagesTab = lazy(async () => ({ default: (await import('./packages-tab.tsx')).PackagesTab }));
const LayersTab = lazy(async () => ({ default: (await import('./layers/layers-tab.tsx')).LayersTab }));
const ImageRisksTab = lazy(async () => ({ default: (await import('./image-risks-tab.tsx')).ImageRisksTab }));
const ConfigTab = lazy(async () => ({ default: (await import('./config/config-tab.tsx')).ConfigTab }));
const DocumentsTab = lazy(async () => ({ default: (await import('./documents/documents-tab.tsx')).DocumentsTab }));
const LineageTab = lazy(async () => ({ default: (await import('./lineage/lineage-tab.tsx')).LineageTab }));
const ActivityTab = lazy(async () => ({ default: (await import('./activity/activity-tab.tsx')).ActivityTab }));

/** Tabs whose table fills the window and scrolls by itself. */
const filling: readonly string[] = ['vulnerabilities', 'packages', 'baseline', 'malicious', 'sensitive'];

/** One image: what is wrong with it, what can be done, and everything that is known of it in tabs. */
export function ImagePage() {
  const { t } = useTranslation('image');
  const [tab] = useUrlState('tab', 'vulnerabilities');
  const { data: image, error, refetch } = useImage();
  const { uuid = '' } = useParams({ strict: false }) as { readonly uuid?: string };
  // Asked for together with the image, though its tab is drawn after it.
  useFindingList(uuid, tab === 'vulnerabilities');
  if (image === undefined) {
    return (
      <Page title={t('title')} trail={<Link to="/images">{t('images')}</Link>}>
        {error ? <ErrorState error={error} retry={() => void refetch()} /> : <PageSkeleton />}
      </Page>
    );
  }
  return (
    <Page
      title={image.tag === null ? image.repository : `${image.repository}:${image.tag}`}
      trail={<Trail image={image} />}
      actions={<ImageActions image={image} />}
      fill={filling.includes(tab)}
    >
      <ImageLabels image={image} />
      <VerdictStrip image={image} />
      <ImageNotices image={image} />
      <PageTabs tabs={tabsOf(image, t)} keep={[]}>
        {(open) => (
          <Suspense fallback={<Skeleton height={240} radius="lg" />}>
            <TabContent tab={open} image={image} />
          </Suspense>
        )}
      </PageTabs>
    </Page>
  );
}

function TabContent({ tab, image }: { readonly tab: string; readonly image: Image }) {
  switch (tab) {
    case 'packages':
      return <PackagesTab image={image} />;
    case 'layers':
      return <LayersTab image={image} />;
    case 'baseline':
    case 'malicious':
    case 'sensitive':
      return <ImageRisksTab key={tab} image={image} tab={tab} />;
    case 'config':
      return <ConfigTab image={image} />;
    case 'documents':
      return <DocumentsTab image={image} />;
    case 'lineage':
      return <LineageTab image={image} />;
    case 'activity':
      return <ActivityTab image={image} />;
    default:
      return <VulnerabilitiesTab image={image} />;
  }
}

function tabsOf({ counts }: Image, t: ReturnType<typeof useTranslation<'image'>>['t']): readonly PageTab[] {
  return [
    { id: 'vulnerabilities', label: t('tab.vulnerabilities'), count: counts.cve.total + counts.sca.total || undefined },
    { id: 'packages', label: t('tab.packages') },
    { id: 'layers', label: t('tab.layers') },
    { id: 'baseline', label: t('tab.baseline'), count: counts.baseline + counts.instruction || undefined },
    { id: 'malicious', label: t('tab.malicious'), count: counts.malicious || undefined },
    { id: 'sensitive', label: t('tab.sensitive'), count: counts.sensitive || undefined },
    { id: 'config', label: t('tab.config') },
    { id: 'documents', label: t('tab.documents') },
    { id: 'lineage', label: t('tab.lineage') },
    { id: 'activity', label: t('tab.activity') },
  ];
}

function Trail({ image: { registry } }: { readonly image: Image }) {
  const { t } = useTranslation('image');
  return (
    <>
      <Link to="/images">{t('images')}</Link>
      {' › '}
      <Link to={`/registries/${registry.id}`}>
        <bdi>{registry.name}</bdi>
      </Link>
    </>
  );
}

function PageSkeleton() {
  return (
    <div className={classes.skeleton} aria-hidden="true">
      <Skeleton height={78} radius="lg" />
      <Skeleton height={36} radius="md" width="70%" />
      <Skeleton height={360} radius="lg" />
    </div>
  );
}
