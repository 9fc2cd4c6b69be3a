import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { connection } from '../../api/connection.ts';
import { toast } from '../../components/feedback/toasts.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './shell.module.css';

/** Says that the server does not answer, and asks for everything again when it is back. */
export function OfflineBanner() {
  const { t } = useTranslation('shell');
  const format = useFormat();
  const client = useQueryClient();
  const { state, since } = useSyncExternalStore(connection.subscribe, connection.get);
  const before = useRef(state);
  useEffect(() => {
    if (before.current === 'offline' && state === 'online') {
      client.invalidateQueries();
      toast(t('offline.back'));
    }
    before.current = state;
  }, [state, client, t]);
  if (state === 'online' || since === null) return null;
  return (
    <div className={classes.banner} role="alert">
      {t('offline.banner', { time: format.dateTime(since) })}
    </div>
  );
}
