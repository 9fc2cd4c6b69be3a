import { Button } from '@mantine/core';
import { IconEyeOff, IconRadar2, IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { fixableImages } from './fix-orders.ts';
import { useScanOrder } from './use-scan-order.ts';

type Image = Schema<'Image'>;

interface ImageBulkProps {
  readonly images: readonly Image[];
  readonly clear: () => void;
  readonly mayScan: boolean;
  /** Absent where the role may not. */
  readonly fix: (() => void) | undefined;
  readonly ignore: (() => void) | undefined;
}

/** What can be done with selected images: scan, fix, and for a single one ignore. */
export function ImageBulk({ images, clear, mayScan, fix, ignore }: ImageBulkProps) {
  const { t } = useTranslation('images');
  const scan = useScanOrder();
  const fixable = fixableImages(images).length;
  return (
    <>
      {fix !== undefined && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconTool size={15} />}
          disabled={fixable === 0}
          title={fixable === 0 ? t('fix.none') : undefined}
          onClick={fix}
        >
          {t('fix.action')}
        </Button>
      )}
      {mayScan && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconRadar2 size={15} />}
          loading={scan.isPending}
          onClick={() => scan.mutate(images, { onSuccess: clear })}
        >
          {t('scan')}
        </Button>
      )}
      {ignore !== undefined && (
        <Button
          size="compact-sm"
          variant="light"
          color="gray"
          leftSection={<IconEyeOff size={15} />}
          disabled={images.length !== 1}
          title={images.length === 1 ? t('ignore.hint') : t('ignore.one')}
          onClick={ignore}
        >
          {t('ignore.action')}
        </Button>
      )}
    </>
  );
}
