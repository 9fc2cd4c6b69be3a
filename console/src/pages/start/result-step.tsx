import { Button } from '@mantine/core';
import { IconShieldCheck, IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { Link } from '../../app/link.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { imageText } from '../../components/show/image-name.tsx';
import { SeverityBar, SeverityCounts } from '../../components/show/severity.tsx';
import { vulnerabilityCounts } from '../images/image-columns.tsx';
import classes from './start.module.css';
import { useStart } from './start-state.ts';

const liveMs = 2000;

/** The worst image that can be fixed, with the way to its fix. */
export function ResultStep() {
  const { t } = useTranslation('start');
  const { registry, scan, go } = useStart();
  const first = (q: string) => ({ params: { query: { q, sort: 'worst' as const, limit: '1' } } });
  const inRegistry = `registry.id:${registry}`;
  const options = { refetchInterval: liveMs };
  const fixable = $api.useQuery('get', '/api/v1/images', first(`${inRegistry} fixable:true handled:false`), options);
  const worst = $api.useQuery('get', '/api/v1/images', first(`${inRegistry} image.scannedOnce:true`), options);
  if (fixable.data === undefined || worst.data === undefined) return null;
  const best = fixable.data.items[0];
  const image = best ?? worst.data.items[0];
  if (image === undefined) {
    return (
      <EmptyState
        title={t('result.noImages')}
        hint={t('result.noImagesHint')}
        action={
          scan === '' ? (
            <Button variant="default" onClick={() => go({ step: 'scan' })}>
              {t('result.back')}
            </Button>
          ) : (
            <Link to={`/scans/${scan}`}>{t('scan.details')}</Link>
          )
        }
      />
    );
  }
  const { cve, sca } = image.counts;
  if (cve.total + sca.total === 0) {
    return (
      <EmptyState
        icon={<IconShieldCheck size={28} stroke={1.4} />}
        title={t('result.clean')}
        hint={t('result.cleanHint')}
        action={<Link to="/">{t('result.overview')}</Link>}
      />
    );
  }
  return <Worst image={image} isFixable={best !== undefined} />;
}

function Worst({ image, isFixable }: { readonly image: Schema<'Image'>; readonly isFixable: boolean }) {
  const { t } = useTranslation('start');
  const go = useGo();
  const counts = vulnerabilityCounts(image);
  // Application packages are upgraded where they are built: only the others are fixed here.
  const fixable = image.counts.cve.fixable;
  return (
    <div className={classes.content}>
      <section className={classes.worst} aria-label={t(isFixable ? 'result.worst' : 'result.worstOther')}>
        <p className={classes.hint}>{t(isFixable ? 'result.worst' : 'result.worstOther')}</p>
        <Link to={`/images/${image.uuid}`} className={classes.image}>
          <bdi>{imageText(image)}</bdi>
        </Link>
        {image.os?.name != null && <bdi className={classes.hint}>{image.os.name}</bdi>}
        <SeverityCounts counts={counts} />
        <SeverityBar counts={counts} />
      </section>
      {isFixable && <p className={classes.hint}>{t('result.fixHint')}</p>}
      <div className={classes.end}>
        {isFixable && (
          <Button size="md" leftSection={<IconTool size={18} />} onClick={() => go(`/images/${image.uuid}/fix`)}>
            {t('result.fix', { count: fixable })}
          </Button>
        )}
        <Button size="md" variant="default" onClick={() => go(`/images/${image.uuid}`)}>
          {t('result.open')}
        </Button>
        <Link to="/">{t('result.overview')}</Link>
      </div>
    </div>
  );
}
