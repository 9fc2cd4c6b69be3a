import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { useChange } from '../../components/feedback/use-change.ts';

/** Orders a scan of images, also of those that are scanned already; the toast leads to it. */
export function useScanOrder() {
  const { t } = useTranslation('images');
  const go = useGo();
  return useChange<readonly Pick<Schema<'Image'>, 'uuid'>[], Schema<'Scan'> | undefined>({
    run: async (images) =>
      (await api.POST('/api/v1/scans', { body: { uuids: images.map(({ uuid }) => uuid), force: true } })).data,
    touches: ['/api/v1/scans', '/api/v1/images'],
    done: (made, images) => ({
      text: t('scanOrdered', { count: images.length }),
      ...(made === undefined ? {} : { open: { label: t('openScan'), run: () => go(`/scans/${made.id}`) } }),
    }),
  });
}
