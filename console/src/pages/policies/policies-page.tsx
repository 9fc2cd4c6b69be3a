import { useTranslation } from 'react-i18next';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { GateTab } from './gate-tab.tsx';
import { RulesTab } from './rules-tab.tsx';
import { StrategiesTab } from './strategies-tab.tsx';

const tabs = ['baseline', 'sensitive', 'instruction', 'gate'] as const;

/** What scans look for, and policies of gates. */
export function PoliciesPage() {
  const { t } = useTranslation('policies');
  return (
    <Page title={t('title')} subtitle={t('subtitle')}>
      <PageTabs tabs={tabs.map((id) => ({ id, label: t(`tab.${id}`) }))}>
        {(tab) => {
          if (tab === 'baseline') return <StrategiesTab />;
          if (tab === 'gate') return <GateTab />;
          return <RulesTab key={tab} kind={tab as 'sensitive'} />;
        }}
      </PageTabs>
    </Page>
  );
}
