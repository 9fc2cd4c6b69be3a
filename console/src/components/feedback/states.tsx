import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/errors.ts';
import classes from './states.module.css';

/** Nothing to show: says why, and names the next action. */
export function EmptyState({
  title,
  hint,
  action,
  icon,
}: {
  readonly title: string;
  readonly hint?: string | undefined;
  readonly action?: ReactNode;
  readonly icon?: ReactNode;
}) {
  return (
    <div className={classes.state}>
      <span className={classes.icon}>{icon ?? <IconInbox size={28} stroke={1.4} />}</span>
      <p className={classes.title}>{title}</p>
      {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      {action}
    </div>
  );
}

/** What an error says to the user, in words. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return t('error.internal');
    if (error.code === 'unreachable') return t('error.unreachable');
    if (error.status === 503 || error.status === 502) return t('error.unavailable');
    if (error.status === 404 && error.code === 'not_found') return t('error.notFound');
    if (error.status === 403) return t('error.denied');
    return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  };
}

/** Something could not be loaded: why, and how to go on. */
export function ErrorState({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { t } = useTranslation();
  const text = useErrorText();
  return (
    <div className={classes.state} role="alert">
      <span className={classes.icon} data-bad>
        <IconAlertTriangle size={28} stroke={1.4} />
      </span>
      <p className={classes.title}>{t('error.title')}</p>
      <p className={classes.hint}>{text(error)}</p>
      {error instanceof ApiError && error.requestId !== undefined && error.status >= 500 && (
        <p className={classes.hint}>{t('error.request', { id: error.requestId })}</p>
      )}
      {retry !== undefined && (
        <Button variant="default" onClick={retry}>
          {t('retry')}
        </Button>
      )}
    </div>
  );
}
