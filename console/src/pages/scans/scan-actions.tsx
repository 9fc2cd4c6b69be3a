import { Button } from '@mantine/core';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { useChange } from '../../components/feedback/use-change.ts';

type Scan = Schema<'Scan'>;

const page = 500;
/** Images that one order may name. */
const most = 10_000;

async function failedOf(id: string): Promise<string[]> {
  const uuids: string[] = [];
  for (let cursor: string | null | undefined; ; ) {
    const query = { state: 'failed', limit: String(page), ...(cursor == null ? {} : { cursor }) };
    const { data } = await api.GET('/api/v1/scans/{id}/items', { params: { path: { id }, query } });
    uuids.push(...(data?.items ?? []).map(({ imageUuid }) => imageUuid));
    cursor = data?.next;
    if (cursor == null || uuids.length >= most) return uuids.slice(0, most);
  }
}

/** What can be done with a scan: call it off while it runs, repeat what failed afterwards. */
export function ScanActions({ scan, busy }: { readonly scan: Scan; readonly busy: boolean }) {
  const { t } = useTranslation('scans');
  const { may } = useSession();
  const go = useGo();
  const cancel = useChange({
    run: () => api.POST('/api/v1/scans/{id}/cancel', { params: { path: { id: scan.id } }, body: {} }),
    touches: ['/api/v1/scans', '/api/v1/images'],
    done: () => ({ text: t('one.cancelled') }),
  });
  const retry = useChange<void, { readonly made: Scan | undefined; readonly count: number }>({
    run: async () => {
      const uuids = await failedOf(scan.id);
      const { data } = await api.POST('/api/v1/scans', { body: { uuids, force: true, name: scan.name } });
      return { made: data, count: uuids.length };
    },
    touches: ['/api/v1/scans', '/api/v1/images'],
    done: ({ made, count }) => ({
      text: t('one.retried', { count }),
      ...(made === undefined ? {} : { open: { label: t('one.watch'), run: () => go(`/scans/${made.id}`) } }),
    }),
  });
  if (busy) {
    return may('drydock:scan:cancel') ? (
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={16} />}
        loading={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        {t('one.cancel')}
      </Button>
    ) : null;
  }
  if (scan.kind !== 'image_scan' || scan.failed === 0 || !may('drydock:scan:start')) return null;
  return (
    <Button leftSection={<IconRefresh size={16} />} loading={retry.isPending} onClick={() => retry.mutate()}>
      {t('one.retry')}
    </Button>
  );
}
