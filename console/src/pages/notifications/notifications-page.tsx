import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { ChannelsTab } from './channels-tab.tsx';
import { DeliveriesTab } from './deliveries-tab.tsx';

/** Channels of notifications, and what was sent over them. */
export function NotificationsPage() {
  const { t } = useTranslation('notifications');
  const { data } = $api.useQuery('get', '/api/v1/notification-channels', { params: { query: { limit: '500' } } });
  const dead = data?.items.reduce((sum, channel) => sum + channel.dead, 0);
  return (
    <Page title={t('title')} subtitle={t('subtitle')} fill>
      <PageTabs
        tabs={[
          { id: 'channels', label: t('tab.channels') },
          { id: 'deliveries', label: t('tab.deliveries') },
          { id: 'dead', label: t('tab.dead'), count: dead === 0 ? undefined : dead },
        ]}
      >
        {(tab) =>
          tab === 'channels' ? (
            <ChannelsTab />
          ) : (
            <DeliveriesTab key={tab} dead={tab === 'dead'} channels={data?.items ?? []} />
          )
        }
      </PageTabs>
    </Page>
  );
}
