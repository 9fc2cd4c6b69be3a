import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { connection, reportOffline } from '../../api/connection.ts';
import { useGate } from '../../api/session.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import classes from './shell.module.css';

/** The server did not answer when the console was opened; goes on by itself when it does. */
export function AwayPage() {
  const { t } = useTranslation(['shell', 'common']);
  const { retry } = useGate();
  const { state } = useSyncExternalStore(connection.subscribe, connection.get);
  useEffect(reportOffline, []);
  useEffect(() => {
    if (state === 'online') retry();
  }, [state, retry]);
  return (
    <main className={classes.away}>
      <EmptyState
        icon={<IconPlugConnectedX size={28} stroke={1.4} />}
        title={t('offline.away')}
        hint={t('offline.awayHint')}
        action={<Button onClick={retry}>{t('common:retry')}</Button>}
      />
    </main>
  );
}
