import { Button, Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/errors.ts';
import { EmptyState, ErrorState } from '../../components/feedback/states.tsx';
import { Page } from '../../components/page/page.tsx';
import { Link } from '../link.tsx';
import classes from './shell.module.css';

/** While the code of a page is on its way. */
export function PendingPage() {
  return <div className={classes.pending} aria-hidden="true" />;
}

/** An address that is nobody's. */
export function MissingPage() {
  const { t } = useTranslation(['common', 'shell']);
  return (
    <Page title={t('error.notFound')}>
      <EmptyState title={t('error.notFound')} action={<Link to="/">{t('shell:nav.overview')}</Link>} />
    </Page>
  );
}

/** A page that threw: says so, keeps the frame, and gives what an administrator needs. */
export function CrashedPage({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  if (error instanceof ApiError) return <ErrorState error={error} retry={() => window.location.reload()} />;
  return (
    <Page title={t('error.crashed')}>
      <EmptyState
        title={t('error.crashed')}
        hint={t('error.crashedHint')}
        action={<Button onClick={() => window.location.reload()}>{t('retry')}</Button>}
      />
      <Code block>{error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)}</Code>
    </Page>
  );
}
