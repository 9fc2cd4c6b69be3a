import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { ProgressBar } from '../../components/show/progress.tsx';
import { isOpen } from '../registries/use-registry-sync.ts';
import classes from './start.module.css';
import { useStart } from './start-state.ts';

const liveMs = 1000;

/** Scans every image of the registry. */
export function ScanStep() {
  const { scan } = useStart();
  return scan === '' ? <Order /> : <Running id={scan} />;
}

function Order() {
  const { t } = useTranslation('start');
  const { registry, go } = useStart();
  const [scanNew, setScanNew] = useState(true);
  const q = `registry.id:${registry}`;
  const images = $api.useQuery(
    'get',
    '/api/v1/images',
    { params: { query: { q, limit: '1' } } },
    // Lists may be two seconds behind the synchronisation that has just ended.
    { refetchInterval: 1000 },
  );
  const order = useChange<void, Schema<'Scan'> | undefined>({
    run: async () => {
      const path = { id: registry };
      if (scanNew) await api.PATCH('/api/v1/registries/{id}', { params: { path }, body: { scanNew: true } });
      return (await api.POST('/api/v1/scans', { body: { q } })).data;
    },
    touches: ['/api/v1/scans', '/api/v1/images', '/api/v1/registries'],
    after: (made) => made !== undefined && go({ scan: made.id }),
  });
  const count = images.data?.total;
  return (
    <form
      className={classes.content}
      onSubmit={(event) => {
        event.preventDefault();
        order.mutate();
      }}
    >
      <p className={classes.hint}>{t('scan.hint')}</p>
      <Switch
        label={t('scan.scanNew')}
        checked={scanNew}
        onChange={(event) => setScanNew(event.currentTarget.checked)}
      />
      <div className={classes.end}>
        <Button type="submit" disabled={count === undefined || count === 0} loading={order.isPending}>
          {t('scan.go', { count: count ?? 0 })}
        </Button>
      </div>
    </form>
  );
}

function Running({ id }: { readonly id: string }) {
  const { t } = useTranslation('start');
  const { go } = useStart();
  const { data } = $api.useQuery(
    'get',
    '/api/v1/scans/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (isOpen(state.data) ? liveMs : false) },
  );
  const stop = useChange({
    run: () => api.POST('/api/v1/scans/{id}/cancel', { params: { path: { id } }, body: {} }),
    touches: ['/api/v1/scans', '/api/v1/images'],
    done: () => ({ text: t('scan.stopped') }),
  });
  if (data === undefined) return null;
  const busy = isOpen(data);
  return (
    <div className={classes.content}>
      <p className={classes.hint}>{t('scan.hint')}</p>
      <div className={classes.progress}>
        <span className={classes.meter} aria-live="polite">
          <span className="num">{t('scan.progress', { finished: data.finished, count: data.total })}</span>
          {data.failed > 0 && <span className={classes.failed}>{t('scan.failed', { count: data.failed })}</span>}
          <Link to={`/scans/${id}`}>{t('scan.details')}</Link>
        </span>
        <ProgressBar
          label={t('step.scan')}
          done={data.finished}
          total={data.total}
          tone={busy ? 'busy' : data.failed > 0 ? 'bad' : 'good'}
        />
      </div>
      <div className={classes.end}>
        <Button variant={busy ? 'default' : 'filled'} onClick={() => go({ step: 'result' })}>
          {busy ? t('scan.early') : t('scan.result')}
        </Button>
        {busy && (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('scan.stop')}
          </Button>
        )}
      </div>
    </div>
  );
}
