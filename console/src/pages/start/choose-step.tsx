import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { FormError } from '../../components/feedback/form-parts.tsx';
import { useErrorText } from '../../components/feedback/states.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { ProgressBar } from '../../components/show/progress.tsx';
import { changeOf, draftOf } from '../registries/registry-draft.ts';
import { PatternFields } from '../registries/registry-scope.tsx';
import { useRegistrySync } from '../registries/use-registry-sync.ts';
import { FoundRepositories } from './found-repositories.tsx';
import classes from './start.module.css';
import { useStart } from './start-state.ts';

type Registry = Schema<'Registry'>;

/** Which repositories are read, and reading them. */
export function ChooseStep() {
  const { registry } = useStart();
  const { data } = $api.useQuery(
    'get',
    '/api/v1/registries/{id}',
    { params: { path: { id: registry } } },
    // A small registry is read before this step is opened, and its end is heard by nobody.
    { refetchInterval: ({ state }) => (state.data?.syncedAt == null ? 1000 : false) },
  );
  return data === undefined ? null : <Choose registry={data} />;
}

function Choose({ registry }: { readonly registry: Registry }) {
  const { t } = useTranslation(['start', 'registries']);
  const errorText = useErrorText();
  const { go } = useStart();
  const open = useGo();
  const { may } = useSession();
  // Who only configures has nothing to scan or to see: the registry is where it ends.
  const next = (): void => (may('drydock:scan:start') ? go({ step: 'scan' }) : open(`/registries/${registry.id}`));
  const [start] = useState(() => draftOf(registry));
  const [draft, setDraft] = useState(start);
  const { task, busy, images, start: sync } = useRegistrySync(registry);
  const change = changeOf(draftOf(registry), draft);
  const isChanged = Object.keys(change).length > 0;
  const apply = useChange<void>({
    run: async () => {
      if (isChanged) {
        await api.PATCH('/api/v1/registries/{id}', { params: { path: { id: String(registry.id) } }, body: change });
        // A run that has begun goes by the patterns that it began with.
        if (busy && task !== undefined) {
          await api.POST('/api/v1/scans/{id}/cancel', { params: { path: { id: task.id } }, body: {} });
        }
      }
      await sync.mutateAsync();
    },
    touches: ['/api/v1/registries', '/api/v1/scans', '/api/v1/repositories'],
    quiet: true,
  });
  const field = apply.error instanceof ApiError ? apply.error.field : undefined;
  const isRead = !busy && !isChanged && registry.syncedAt !== null;
  const nothing = isRead && images === 0;
  const failed = busy || registry.state === 'ok' ? null : registry.stateReason;
  return (
    <form
      className={classes.content}
      onSubmit={(event) => {
        event.preventDefault();
        if (isRead && !nothing) next();
        else apply.mutate();
      }}
    >
      <p className={classes.hint}>{t('choose.hint')}</p>
      <PatternFields
        draft={draft}
        set={(more) => setDraft((old) => ({ ...old, ...more }))}
        wrong={(name) => (field === name ? errorText(apply.error) : undefined)}
      />
      {field === undefined && <FormError error={apply.error} boxed />}
      <div className={classes.progress} aria-live="polite">
        {busy && (
          <>
            <span>{task?.state === 'queued' ? t('registries:sync.queued') : t('registries:sync.running')} …</span>
            <ProgressBar label={t('registries:sync.title')} done={0} total={null} />
          </>
        )}
        {isRead && !nothing && <span>{t('registries:sync.done')}</span>}
        {nothing && <span className={classes.warn}>{t('choose.nothing')}</span>}
        {failed !== null && <span className={classes.warn}>{t('choose.failed', { reason: failed })}</span>}
      </div>
      <FoundRepositories
        registry={registry}
        busy={busy}
        only={(path) => setDraft((old) => ({ ...old, include: path, exclude: '' }))}
      />
      <div className={classes.end}>
        {isRead && !nothing ? (
          <>
            <Button type="submit">{t('continue')}</Button>
            <Button variant="default" loading={apply.isPending} onClick={() => apply.mutate()}>
              {t('choose.syncAgain')}
            </Button>
          </>
        ) : (
          <Button type="submit" loading={apply.isPending || (busy && !isChanged)}>
            {t('choose.sync')}
          </Button>
        )}
      </div>
    </form>
  );
}
