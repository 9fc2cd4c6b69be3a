import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Page } from '../../components/page/page.tsx';
import { CycleForm } from './cycle-form.tsx';

/** Automatic fixing: whether, how often, and of what. */
export function AutomaticPage() {
  const { t } = useTranslation('fixes');
  const cycle = $api.useQuery('get', '/api/v1/fix-cycle');
  return (
    <Page title={t('auto.title')} subtitle={t('auto.subtitle')} trail={<Link to="/fixes">{t('title')}</Link>}>
      {cycle.data === undefined ? (
        cycle.error == null ? (
          <Skeleton height={420} radius="lg" />
        ) : (
          <ErrorState error={cycle.error} retry={() => void cycle.refetch()} />
        )
      ) : (
        <CycleForm key={JSON.stringify(cycle.data)} cycle={cycle.data} />
      )}
    </Page>
  );
}
