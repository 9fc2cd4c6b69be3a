import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { AdvisoriesTab } from './advisories-tab.tsx';
import { CareTab } from './care-tab.tsx';
import { HealthTab } from './health-tab.tsx';
import { WorkTab } from './work-tab.tsx';

/** Whether the service is well, and what it works on. */
export function SystemPage() {
  const { t } = useTranslation('system');
  const { may, mayEverywhere } = useSession();
  const seesSystem = mayEverywhere('drydock:system:read');
  const tabs = [
    ...(seesSystem ? (['health', 'work'] as const) : []),
    ...(may('drydock:advisory:read') ? (['advisories'] as const) : []),
    'care' as const,
  ];
  return (
    <Page title={t('title')} subtitle={t('subtitle')}>
      <PageTabs tabs={tabs.map((id) => ({ id, label: t(`tab.${id}`) }))}>
        {(tab) => {
          if (tab === 'health') return <HealthTab />;
          if (tab === 'work') return <WorkTab />;
          return tab === 'advisories' ? <AdvisoriesTab /> : <CareTab />;
        }}
      </PageTabs>
    </Page>
  );
}
