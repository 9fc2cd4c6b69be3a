import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { AlibabaTab } from './alibaba-tab.tsx';
import { type Credentials, noCredentials } from './credentials-form.tsx';
import { HuaweiTab } from './huawei-tab.tsx';
import { NativeTab } from './native-tab.tsx';

const tabs = ['native', 'alibaba', 'huawei'] as const;

/** Every operation of this server, to be tried. Credentials live as long as this page is open, and nowhere else. */
export function ExplorerPage() {
  const { t } = useTranslation('explorer');
  const [credentials, setCredentials] = useState<Credentials>(noCredentials);
  const signing = { credentials, onCredentials: setCredentials };
  return (
    <Page title={t('title')} subtitle={t('subtitle')}>
      <PageTabs tabs={tabs.map((id) => ({ id, label: t(`tab.${id}`) }))}>
        {(tab) => {
          if (tab === 'alibaba') return <AlibabaTab {...signing} />;
          return tab === 'huawei' ? <HuaweiTab {...signing} /> : <NativeTab />;
        }}
      </PageTabs>
    </Page>
  );
}
