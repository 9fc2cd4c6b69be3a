import { Button, Skeleton } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { $api, api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { EmptyState, ErrorState } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Facts, Panel } from '../../components/page/page.tsx';
import { Status } from '../../components/show/status.tsx';
import { Count, Digest, Time } from '../../components/show/values.tsx';
import classes from './system.module.css';

const weekMs = 7 * 24 * 3600_000;

/** How old the advisory data is and where it comes from. */
export function AdvisoriesTab() {
  const { t } = useTranslation('system');
  const { mayEverywhere } = useSession();
  const { data, error, refetch } = $api.useQuery(
    'get',
    '/api/v1/advisories',
    {},
    { refetchInterval: ({ state }) => (state.data?.recounting ? 1000 : 30_000) },
  );
  const update = useChange({
    run: () => api.POST('/api/v1/advisories/update', { body: null }),
    touches: ['/api/v1/advisories', '/api/v1/jobs', '/api/v1/system'],
    done: () => ({ text: t('updateOrdered') }),
  });
  const button = mayEverywhere('drydock:advisory:update') && (
    <Button leftSection={<IconRefresh size={16} />} loading={update.isPending} onClick={() => update.mutate()}>
      {t('update')}
    </Button>
  );
  if (data === undefined) {
    return error === null ? (
      <Skeleton className={classes.skeleton ?? ''} radius={12} />
    ) : (
      <ErrorState error={error} retry={() => void refetch()} />
    );
  }
  const { snapshot, recounting } = data;
  if (snapshot === null) return <EmptyState title={t('noData')} hint={t('noDataHint')} action={button} />;
  const stale = snapshot.ageMs > weekMs;
  const total = snapshot.sources.reduce((sum, { advisories }) => sum + advisories, 0);
  return (
    <>
      <Panel title={t('advisoriesTitle')} aside={button}>
        <Facts
          items={[
            [t('state'), <Status key="state" tone={stale ? 'warn' : 'good'} label={stale ? t('stale') : t('fresh')} />],
            [t('made'), <Time key="made" at={snapshot.createdAt} />],
            [t('count'), <Count key="count" value={total} />],
            [t('snapshot'), <Digest key="snapshot" value={snapshot.id} />],
            recounting ? [t('progress'), <Status key="recounting" tone="busy" label={t('recounting')} />] : null,
          ]}
        />
      </Panel>
      <Panel title={t('sources')} flush>
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('source')}</th>
                <th scope="col" data-end>
                  {t('count')}
                </th>
                <th scope="col">{t('fetched')}</th>
              </tr>
            </thead>
            <tbody>
              {snapshot.sources.map(({ name, advisories, fetchedAt }) => (
                <tr key={name}>
                  <th scope="row">
                    <bdi>{name}</bdi>
                  </th>
                  <td data-end>
                    <Count value={advisories} />
                  </td>
                  <td>
                    {fetchedAt === null ? (
                      <span className={classes.quiet}>{t('bundled')}</span>
                    ) : (
                      <Time at={fetchedAt} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
    </>
  );
}
