import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { Panel } from '../../components/page/page.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './overview.module.css';
import { advisories } from './questions.ts';
import { Skeleton } from './skeleton.tsx';

/** Older advisory data misses too much to be left without a word; the server's health warns at the same age. */
const oldMs = 7 * 86_400_000;

/** How old advisory data is, and fetching newer for who may. */
export function AdvisoryPanel() {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const { may } = useSession();
  const { data } = useQuery(advisories);
  const update = useChange({
    run: async () => (await api.POST('/api/v1/advisories/update', { body: {} })).data,
    touches: ['/api/v1/advisories'],
    done: () => ({ text: t('advisories.updating') }),
  });
  const snapshot = data?.snapshot;
  // What came with the program was never fetched.
  const isBundled = snapshot?.sources.every(({ fetchedAt }) => fetchedAt === null) ?? false;
  return (
    <Panel
      title={t('advisories.title')}
      aside={
        may('drydock:advisory:update') ? (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconRefresh size={15} />}
            loading={update.isPending}
            onClick={() => update.mutate()}
          >
            {t('advisories.update')}
          </Button>
        ) : undefined
      }
    >
      {snapshot === undefined ? (
        <Skeleton height="5.5rem" />
      ) : (
        <div className={classes.facts}>
          {snapshot === null ? (
            <p className={classes.notice}>{t('advisories.missing')}</p>
          ) : (
            <>
              <div title={`${format.dateTime(snapshot.createdAt)} · ${format.utc(snapshot.createdAt)}`}>
                <strong>{t('advisories.age', { time: format.relative(snapshot.createdAt) })}</strong>
                <p className={classes.quiet}>{t('advisories.sources', { count: snapshot.sources.length })}</p>
              </div>
              {isBundled ? (
                <p className={classes.notice}>{t('advisories.bundled')}</p>
              ) : (
                snapshot.ageMs > oldMs && <p className={classes.notice}>{t('advisories.old')}</p>
              )}
            </>
          )}
          {data?.recounting === true && <p className={classes.quiet}>{t('advisories.recounting')}</p>}
        </div>
      )}
    </Panel>
  );
}
