import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../../api/client.ts';
import { ErrorState } from '../../../components/feedback/states.tsx';
import { Panel } from '../../../components/page/page.tsx';
import classes from './config.module.css';
import { ConfigValues } from './config-values.tsx';
import { HistoryList } from './history-list.tsx';
import { RunFacts } from './run-facts.tsx';

/** How containers of an image run, and how it was built. Values that hold secrets come masked from the server. */
export function ConfigTab({ image }: { readonly image: Schema<'Image'> }) {
  const { t } = useTranslation('image');
  const { data, error, refetch } = $api.useQuery('get', '/api/v1/images/{uuid}/config', {
    params: { path: { uuid: image.uuid } },
  });
  if (data === undefined) {
    return error ? (
      <ErrorState error={error} retry={() => void refetch()} />
    ) : (
      <>
        <Skeleton height={180} radius="lg" />
        <Skeleton height={220} radius="lg" />
      </>
    );
  }
  return (
    <>
      <Panel title={t('config.run')}>
        <RunFacts config={data} />
      </Panel>
      <Panel title={t('config.env')} aside={<span className="num">{data.env.length}</span>} flush>
        <ConfigValues values={data.env} empty={t('config.noEnv')} />
      </Panel>
      <Panel title={t('config.labels')} aside={<span className="num">{data.labels.length}</span>} flush>
        <ConfigValues values={data.labels} empty={t('config.noLabels')} />
      </Panel>
      <Panel title={t('config.history')} aside={t('config.steps', { count: data.history.length })} flush>
        <HistoryList steps={data.history} />
      </Panel>
      {data.truncated && <p className={classes.quiet}>{t('config.truncated')}</p>}
    </>
  );
}
