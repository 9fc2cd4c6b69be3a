import { Button } from '@mantine/core';
import { IconRadar2, IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { useScanOrder } from '../images/use-scan-order.ts';
import { isScanning, repairable } from './verdict.ts';

/** What can be done with the whole image: repair it, scan it again. */
export function ImageActions({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { may } = useSession();
  const go = useGo();
  const scan = useScanOrder();
  const count = repairable(image);
  const scanning = isScanning(image);
  return (
    <>
      {may('drydock:scan:start', image.projectId) && (
        <Button
          variant="default"
          leftSection={<IconRadar2 size={16} />}
          loading={scan.isPending}
          disabled={scanning}
          onClick={() => scan.mutate([image])}
        >
          {scanning ? t('scanning') : image.scan.state === 'never' ? t('scanNow') : t('scanAgain')}
        </Button>
      )}
      {may('drydock:fix:start', image.projectId) && (
        <Button
          leftSection={<IconTool size={16} />}
          disabled={count === 0}
          title={count === 0 ? t('nothingToFix') : t('fixHint')}
          onClick={() => go(`/images/${image.uuid}/fix`)}
        >
          {count === 0 ? t('fix') : t('fixMany', { count })}
        </Button>
      )}
    </>
  );
}
