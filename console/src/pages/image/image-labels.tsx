import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { ScanStatus } from '../../components/show/status.tsx';
import { Bytes, Digest, Time } from '../../components/show/values.tsx';
import classes from './image-page.module.css';
import { useImageReport } from './image-report.ts';

/** What an image is, on one line: scan and its age, system, platform, size, digest. */
export function ImageLabels({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { scan, os, platform, size, digest, createdAt, tagImmutable } = image;
  return (
    <ul className={classes.labels}>
      <li className={classes.label}>
        <ScanStatus scan={scan} />
        {scan.finishedAt !== null && <Time at={scan.finishedAt} />}
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
      {createdAt !== null && (
        <li className={classes.label}>
          <span className={classes.quiet}>{t('built')}</span>
          <Time at={createdAt} />
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
