import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Column, Columns } from '../../components/page/columns.tsx';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { AbilitiesPanel } from './abilities-panel.tsx';
import { HookPanel } from './hook-panel.tsx';
import { RegistryFacts } from './registry-facts.tsx';
import classes from './registry-page.module.css';
import { RegistrySettings } from './registry-settings.tsx';
import { RegistryState } from './registry-state.tsx';
import { RemoveRegistry } from './remove-registry.tsx';
import { SyncPanel } from './sync-panel.tsx';

/** One registry: how it is, what it can, its settings, its notifications. */
export function RegistryPage() {
  const { t } = useTranslation('registries');
  const { id = '' } = useParams({ strict: false });
  const { may } = useSession();
  const { data, error, refetch } = $api.useQuery('get', '/api/v1/registries/{id}', { params: { path: { id } } });
  const trail = <Link to="/registries">{t('title')}</Link>;
  if (data === undefined) {
    return (
      <Page title={t('title')} trail={trail}>
        {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      </Page>
    );
  }
  const writes = may('drydock:registry:write', data.projectId);
  return (
    <Page
      title={data.name}
      trail={trail}
      subtitle={
        <span className={classes.state}>
          <RegistryState registry={data} />
          <bdi>{data.baseUrl}</bdi>
        </span>
      }
      actions={writes ? <RemoveRegistry registry={data} /> : undefined}
    >
      <PageTabs
        tabs={[
          { id: 'overview', label: t('one.tab.overview') },
          ...(writes
            ? [
                { id: 'settings', label: t('one.tab.settings') },
                { id: 'hook', label: t('one.tab.hook') },
              ]
            : []),
        ]}
      >
        {(tab) => {
          if (tab === 'settings') return <RegistrySettings registry={data} />;
          if (tab === 'hook') return <HookPanel registry={data} />;
          return <Overview registry={data} />;
        }}
      </PageTabs>
    </Page>
  );
}

function Overview({ registry }: { readonly registry: Schema<'Registry'> }) {
  const isBad = registry.state === 'unreachable';
  return (
    <>
      {registry.stateReason !== null && (
        <p className={isBad ? classes.bad : classes.warn} role="status">
          <bdi>{registry.stateReason}</bdi>
        </p>
      )}
      <Columns>
        <Column>
          <AbilitiesPanel registry={registry} />
          <RegistryFacts registry={registry} />
        </Column>
        <Column>
          <SyncPanel registry={registry} />
        </Column>
      </Columns>
    </>
  );
}
