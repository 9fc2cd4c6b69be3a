import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Facts, Page, Panel } from '../../components/page/page.tsx';
import { ProgressBar } from '../../components/show/progress.tsx';
import { useScanName } from '../../components/show/use-scan-name.ts';
import { Time } from '../../components/show/values.tsx';
import { useKnown } from '../../i18n/known.ts';
import { ScanActions } from './scan-actions.tsx';
import { ScanItems } from './scan-items.tsx';
import { ScanState, Took, toneOfScan } from './scan-state.tsx';
import classes from './scans.module.css';

const liveMs = 1000;

function isOpen(scan: Schema<'Scan'> | undefined): boolean {
  return scan?.state === 'queued' || scan?.state === 'running';
}

/** One scan: how far it is, and its images with what became of each. */
export function ScanPage() {
  const { t } = useTranslation('scans');
  const nameOf = useScanName();
  const { id = '' } = useParams({ strict: false });
  const { data, error, refetch } = $api.useQuery(
    'get',
    '/api/v1/scans/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (isOpen(state.data) ? liveMs : false) },
  );
  const trail = <Link to="/scans">{t('title')}</Link>;
  if (data === undefined) {
    return (
      <Page title={t('title')} trail={trail}>
        {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      </Page>
    );
  }
  const busy = isOpen(data);
  const isScan = data.kind === 'image_scan';
  return (
    <Page title={nameOf(data)} trail={trail} fill={isScan} actions={<ScanActions scan={data} busy={busy} />}>
      <Summary scan={data} busy={busy} />
      {isScan && <ScanItems scan={data} busy={busy} />}
    </Page>
  );
}

function Summary({ scan, busy }: { readonly scan: Schema<'Scan'>; readonly busy: boolean }) {
  const { t } = useTranslation('scans');
  const known = useKnown('scans');
  const isScan = scan.kind === 'image_scan';
  return (
    <Panel>
      <div className={classes.meter}>
        <div className={classes.meterLine} aria-live="polite">
          <ScanState scan={scan} />
          {isScan && <span className="num">{t('one.progress', { finished: scan.finished, count: scan.total })}</span>}
          {isScan && scan.failed > 0 && (
            <Link to={`/scans/${scan.id}`} search={{ state: 'failed' }} className={classes.failed}>
              {t('one.failed', { count: scan.failed })}
            </Link>
          )}
        </div>
        {(isScan || busy) && (
          <ProgressBar
            label={t('column.progress')}
            done={scan.finished}
            total={isScan ? scan.total : null}
            tone={toneOfScan(scan)}
          />
        )}
      </div>
      {!isScan && (
        <p className={classes.note}>
          {!busy && scan.failed > 0 ? t('one.syncFailed') : t('one.sync')}{' '}
          <Link to="/registries">{t('one.registry')}</Link>
        </p>
      )}
      <Facts
        items={[
          [t('column.kind'), t(`kind.${scan.kind}`)],
          [t('one.source'), known('source', scan.source)],
          [t('one.ordered'), <Time key="ordered" at={scan.createdAt} exact />],
          scan.startedAt === null ? null : [t('one.started'), <Time key="started" at={scan.startedAt} exact />],
          scan.finishedAt === null ? null : [t('one.ended'), <Time key="ended" at={scan.finishedAt} exact />],
          scan.startedAt === null
            ? null
            : [t('one.took'), <Took key="took" from={scan.startedAt} to={scan.finishedAt} />],
        ]}
      />
    </Panel>
  );
}
