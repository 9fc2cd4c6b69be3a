import { Button } from '@mantine/core';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { Panel } from '../../components/page/page.tsx';
import { ProgressBar } from '../../components/show/progress.tsx';
import { Time } from '../../components/show/values.tsx';
import classes from './registry-page.module.css';
import { useRegistrySync } from './use-registry-sync.ts';

/** Reading the tags of a registry: now, with how far it is, and when it was last done. */
export function SyncPanel({ registry }: { readonly registry: Schema<'Registry'> }) {
  const { t } = useTranslation('registries');
  const { may } = useSession();
  const { task, busy, images, start, stop } = useRegistrySync(registry);
  const failed = task !== undefined && !busy && task.failed > 0;
  const mayStop = busy && may('drydock:scan:cancel');
  return (
    <Panel
      title={t('sync.title')}
      aside={
        may('drydock:registry:sync', registry.projectId) ? (
          mayStop ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlayerStop size={15} />}
              loading={stop.isPending}
              onClick={() => stop.mutate()}
            >
              {t('sync.stop')}
            </Button>
          ) : (
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<IconRefresh size={15} />}
              loading={start.isPending || busy}
              onClick={() => start.mutate()}
            >
              {t('sync.now')}
            </Button>
          )
        ) : undefined
      }
    >
      <div className={classes.sync} aria-live="polite">
        {busy && (
          <>
            <span>{task?.state === 'queued' ? t('sync.queued') : t('sync.running')}</span>
            <ProgressBar label={t('sync.title')} done={0} total={null} />
          </>
        )}
        {!busy && registry.syncedAt === null && <span className={classes.quiet}>{t('sync.never')}</span>}
        {!busy && registry.syncedAt !== null && (
          <span>
            {t('sync.last')}: <Time at={registry.syncedAt} />
          </span>
        )}
        {failed && <p className={classes.warn}>{registry.stateReason ?? t('sync.failed')}</p>}
        {images !== null && (
          <Link to="/images" search={{ q: `registry.id:${registry.id}` }}>
            <span className="num">{t('sync.images', { count: images })}</span>
          </Link>
        )}
        {may('drydock:scan:read') && (
          <Link to="/scans" search={{ kind: 'registry_sync', name: registry.name }}>
            {t('sync.history')}
          </Link>
        )}
      </div>
    </Panel>
  );
}
