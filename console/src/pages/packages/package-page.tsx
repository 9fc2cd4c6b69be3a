import { Button } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { useUrlState } from '../../app/url-state.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import { IgnoreDialog } from '../../components/ignore/ignore-dialog.tsx';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { quoted } from '../../filter/terms.ts';
import { PackageAdvice } from './package-advice.tsx';
import { packageSearch } from './package-columns.tsx';
import { PackageImages } from './package-images.tsx';
import { PackageVersions } from './package-versions.tsx';
import { PackageVulnerabilities } from './package-vulnerabilities.tsx';

/** A package of the estate, or one version of it: who holds it, and what is known against it. */
export function PackagePage() {
  const { t } = useTranslation('packages');
  const { may } = useSession();
  const [name] = useUrlState('name');
  const [version] = useUrlState('version');
  const [ignoring, setIgnoring] = useState(false);
  const filter = `package:${quoted(name)}${version === '' ? '' : ` package.version:${quoted(version)}`}`;
  const images = $api.useQuery(
    'get',
    '/api/v1/packages/images',
    { params: { query: { name, limit: '1', ...(version === '' ? {} : { version }) } } },
    { enabled: name !== '' && may('drydock:image:read') },
  );
  const vulnerabilities = $api.useQuery(
    'get',
    '/api/v1/vulnerabilities',
    { params: { query: { q: filter, limit: '1' } } },
    { enabled: name !== '' },
  );
  const trail = <Link to="/packages">{t('title')}</Link>;
  if (name === '') {
    return (
      <Page title={t('title')} trail={trail}>
        <EmptyState title={t('noName')} action={<Link to="/packages">{t('toList')}</Link>} />
      </Page>
    );
  }
  return (
    <Page
      title={version === '' ? name : `${name} ${version}`}
      trail={trail}
      subtitle={
        version === '' ? (
          t('allVersions')
        ) : (
          <Link to="/packages/view" search={packageSearch({ name })}>
            {t('toAllVersions')}
          </Link>
        )
      }
      actions={
        may('drydock:decision:write') && (
          <Button variant="default" leftSection={<IconEyeOff size={16} />} onClick={() => setIgnoring(true)}>
            {t('ignore')}
          </Button>
        )
      }
    >
      <PackageAdvice name={name} version={version} />
      <PageTabs
        tabs={[
          { id: 'vulnerabilities', label: t('tab.vulnerabilities'), count: vulnerabilities.data?.total },
          { id: 'images', label: t('tab.images'), count: images.data?.total },
          { id: 'versions', label: t('tab.versions') },
        ]}
      >
        {(tab) => {
          if (tab === 'images') return <PackageImages name={name} version={version} />;
          if (tab === 'versions') return <PackageVersions name={name} />;
          return <PackageVulnerabilities filter={filter} />;
        }}
      </PageTabs>
      <IgnoreDialog opened={ignoring} close={() => setIgnoring(false)} vulnerabilities={[]} packages={[name]} />
    </Page>
  );
}
