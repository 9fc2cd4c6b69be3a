import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { useChange } from '../../components/feedback/use-change.ts';

const liveMs = 1000;
const touches = ['/api/v1/scans', '/api/v1/registries', '/api/v1/images', '/api/v1/repositories'];

/** Whether a scan or synchronisation goes on. */
export function isOpen(task: Schema<'Scan'> | undefined): boolean {
  return task?.state === 'queued' || task?.state === 'running';
}

/**
 * The newest synchronisation of a registry, asked for each second while it runs, with what is known of the registry so far.
 * Tasks carry the name of their registry, not its number; names are unique.
 */
export function useRegistrySync(registry: Schema<'Registry'>) {
  const { t } = useTranslation('registries');
  const path = { id: String(registry.id) };
  const tasks = $api.useQuery(
    'get',
    '/api/v1/scans',
    { params: { query: { kind: 'registry_sync', name: registry.name, limit: '20' } } },
    { refetchInterval: ({ state }) => (isOpen(state.data?.items[0]) ? liveMs : false) },
  );
  // The server finds names that contain this one, too.
  const task = tasks.data?.items.find(({ name }) => name === registry.name);
  const busy = isOpen(task);
  const images = $api.useQuery(
    'get',
    '/api/v1/images',
    { params: { query: { q: `registry.id:${registry.id}`, limit: '1' } } },
    { refetchInterval: busy ? liveMs : false },
  );
  const start = useChange<void, Schema<'Scan'> | undefined>({
    run: async () => (await api.POST('/api/v1/registries/{id}/sync', { params: { path }, body: {} })).data,
    touches,
    done: () => ({ text: t('sync.ordered') }),
  });
  const stop = useChange<void>({
    run: async () => {
      if (task === undefined) return;
      await api.POST('/api/v1/scans/{id}/cancel', { params: { path: { id: task.id } }, body: {} });
    },
    touches,
    done: () => ({ text: t('sync.stopped') }),
  });
  return { task, busy, images: images.data?.total ?? null, start, stop };
}
