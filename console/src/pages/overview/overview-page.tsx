import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { Column, Columns } from '../../components/page/columns.tsx';
import { Page } from '../../components/page/page.tsx';
import { AdvisoryPanel } from './advisory-panel.tsx';
import { FindingsPanel } from './findings-panel.tsx';
import { HealthPanel } from './health-panel.tsx';
import { News } from './news.tsx';
import { anyRegistry } from './questions.ts';
import { RunningPanel } from './running-panel.tsx';
import { WorklistPanel } from './worklist-panel.tsx';

/** What to do first, and how the estate is. Where no registry is known yet, the first steps come instead. */
export function OverviewPage() {
  const { t } = useTranslation('overview');
  const { may } = useSession();
  const mayRegistries = may('drydock:registry:read');
  const sees = may('drydock:image:read');
  const registries = useQuery({ ...anyRegistry, enabled: mayRegistries && may('drydock:registry:write') });
  if (registries.data?.total === 0) return <Navigate to={'/start' as never} replace />;
  return (
    <Page title={t('title')} subtitle={sees ? <News /> : t('platform')}>
      <Columns>
        {sees && (
          <Column>
            <WorklistPanel />
            <FindingsPanel />
          </Column>
        )}
        <Column>
          {(may('drydock:scan:read') || may('drydock:fix:read') || may('drydock:export:read')) && <RunningPanel />}
          {may('drydock:advisory:read') && <AdvisoryPanel />}
          {sees && <HealthPanel />}
        </Column>
      </Columns>
    </Page>
  );
}
