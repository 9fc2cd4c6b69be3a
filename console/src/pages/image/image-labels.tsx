import { ActionIcon, Popover } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { ScanStatus } from '../../components/show/status.tsx';
import { Bytes, Digest, Time } from '../../components/show/values.tsx';
import classes from './image-page.module.css';
import { remarksOf, useImageReport } from './image-report.ts';

/** What an image is, on one line: scan and its age, system, platform, size, digest. */
export function ImageLabels({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { scan, os, platform, size, digest, tagImmutable } = image;
  return (
    <ul className={classes.labels}>
      <li className={classes.label}>
        <ScanStatus scan={scan} />
        {scan.finishedAt !== null && <Time at={scan.finishedAt} />}
        <ScanRemarks image={image} />
      </li>
      {os !== null && (
        <li className={classes.label}>
          <bdi>{os.name ?? `${os.id} ${os.versionId ?? ''}`}</bdi>
          <EndOfLife image={image} />
        </li>
      )}
      {platform !== null && (
        <li className={classes.label}>
          <bdi>{platform}</bdi>
        </li>
      )}
      {size !== null && (
        <li className={classes.label}>
          <Bytes value={size} />
        </li>
      )}
      <li className={classes.label}>
        <Digest value={digest} />
      </li>
      {tagImmutable && <li className={classes.label}>{t('immutable')}</li>}
    </ul>
  );
}

function EndOfLife({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { data } = useImageReport(image);
  if (data?.endOfLife == null) return null;
  return (
    <span className={classes.ended} title={t('endOfLifeHint', { day: data.endOfLife })}>
      {t('endOfLife', { day: data.endOfLife })}
    </span>
  );
}

/** What the scan has to say although it saw everything; what it did not see is a notice. */
function ScanRemarks({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { data } = useImageReport(image);
  const remarks = remarksOf(data);
  if (remarks.length === 0 || image.scan.state === 'partial') return null;
  return (
    <Popover width={420} position="bottom-start" shadow="md" withArrow>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('notice.gaps', { count: remarks.length })}>
          <IconInfoCircle size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <strong>{t('notice.gaps', { count: remarks.length })}</strong>
        <ul className={classes.remarks}>
          {remarks.map(({ code, message, path, layer }) => (
            <li key={`${code} ${path} ${layer} ${message}`}>
              <bdi>{message}</bdi>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
