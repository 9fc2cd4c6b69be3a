import { Progress } from '@mantine/core';
import { IconAlertTriangle, IconHistory, IconInfoCircle, IconRadar2 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { Time } from '../../components/show/values.tsx';
import classes from './image-page.module.css';
import { remarksOf, useImageReport } from './image-report.ts';
import { isScanning } from './verdict.ts';

type Image = Schema<'Image'>;

/** What must be known before the numbers are believed: not scanned, failed, partly read, a tag that moved on. */
export function ImageNotices({ image }: { readonly image: Image }) {
  return (
    <div className={classes.notices}>
      <ScanNotice image={image} />
      <PartialNotice image={image} />
      <StateNotices image={image} />
    </div>
  );
}

function Notice({
  tone,
  icon,
  children,
  aside,
}: {
  readonly tone: 'info' | 'busy' | 'warn' | 'bad';
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly aside?: ReactNode;
}) {
  return (
    <div className={classes.notice} data-tone={tone}>
      {icon}
      <div className={classes.noticeText}>{children}</div>
      {aside}
    </div>
  );
}

/** The scan: under way with its progress, never ordered, or ended without a result. */
function ScanNotice({ image }: { readonly image: Image }) {
  const { t } = useTranslation(['image', 'common']);
  const { state, reason, progress } = image.scan;
  if (isScanning(image)) {
    return (
      <Notice
        tone="busy"
        icon={<IconRadar2 size={17} />}
        aside={
          <Progress
            className={classes.progress ?? ''}
            value={progress ?? 0}
            animated
            size="sm"
            aria-label={t('notice.progress')}
          />
        }
      >
        <output>{t('notice.scanning', { state: t(`common:scanState.${state as 'queued'}`) })}</output>
      </Notice>
    );
  }
  if (state === 'never' || state === 'cancelled') {
    return (
      <Notice tone="info" icon={<IconInfoCircle size={17} />}>
        {state === 'never' ? t('notice.never') : t('notice.cancelled')}
      </Notice>
    );
  }
  if (state === 'failed' || state === 'unsupported' || state === 'too_large') {
    return (
      <Notice tone={state === 'failed' ? 'bad' : 'warn'} icon={<IconAlertTriangle size={17} />}>
        <strong>{t(`notice.${state}`)}</strong> <bdi>{reason?.message}</bdi>
      </Notice>
    );
  }
  return null;
}

/** What a scan that ended did not see. */
function PartialNotice({ image }: { readonly image: Image }) {
  const { t } = useTranslation('image');
  const { data } = useImageReport(image);
  if (image.scan.state !== 'partial') return null;
  const remarks = remarksOf(data);
  return (
    <Notice tone="warn" icon={<IconAlertTriangle size={17} />}>
      {remarks.length === 0 ? (
        <>
          <strong>{t('notice.partial')}</strong> <bdi>{image.scan.reason?.message}</bdi>
        </>
      ) : (
        <details>
          <summary>
            <strong>{t('notice.partial')}</strong> {t('notice.gaps', { count: remarks.length })}
          </summary>
          <ul>
            {remarks.map(({ code, message, path, layer }) => (
              <li key={`${code} ${path} ${layer} ${message}`}>
                <bdi>{message}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Notice>
  );
}

/** The tag points elsewhere by now, the image was made by a fix, or its numbers are being counted anew. */
function StateNotices({ image }: { readonly image: Image }) {
  const { t } = useTranslation('image');
  const { until, tag, fixedFrom, counts, uuid } = image;
  return (
    <>
      {until !== null && (
        <Notice
          tone="warn"
          icon={<IconHistory size={17} />}
          aside={
            <Link to={`/images/${uuid}`} search={{ tab: 'lineage' }}>
              {t('notice.lineage')}
            </Link>
          }
        >
          {tag === null ? t('notice.untagged') : t('notice.moved', { tag })} <Time at={until} />
        </Notice>
      )}
      {fixedFrom !== null && (
        <Notice
          tone="info"
          icon={<IconInfoCircle size={17} />}
          aside={<Link to={`/images/${fixedFrom}`}>{t('notice.origin')}</Link>}
        >
          {t('notice.fixed')}
        </Notice>
      )}
      {counts.recounting && (
        <Notice tone="busy" icon={<IconInfoCircle size={17} />}>
          {t('notice.recounting')}
        </Notice>
      )}
    </>
  );
}
