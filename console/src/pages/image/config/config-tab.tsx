import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../../api/client.ts';
import { ErrorState } from '../../../components/feedback/states.tsx';
import { Facts, Panel } from '../../../components/page/page.tsx';
import { Time } from '../../../components/show/values.tsx';
import { useFormat } from '../../../i18n/format.ts';
import classes from './config.module.css';
import { ConfigValues } from './config-values.tsx';
import { HistoryList } from './history-list.tsx';

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

function RunFacts({ config }: { readonly config: Schema<'ImageConfig'> }) {
  const { t } = useTranslation('image');
  const format = useFormat();
  const { user, workingDir, stopSignal, entrypoint, cmd, exposedPorts, volumes, healthcheck, author, created } = config;
  const none = <span className={classes.quiet}>–</span>;
  const words = (list: readonly string[] | null) =>
    list === null || list.length === 0 ? none : <code className={classes.code}>{list.map(shown).join(' ')}</code>;
  const seconds = (ns: number | null): string | null => (ns === null ? null : format.duration(ns / 1e6));
  return (
    <Facts
      items={[
        [t('config.entrypoint'), words(entrypoint)],
        [t('config.cmd'), words(cmd)],
        [t('config.user'), user === null || user === '' ? t('config.root') : <bdi>{user}</bdi>],
        [t('config.workingDir'), workingDir === null ? none : <code className={classes.code}>{workingDir}</code>],
        [t('config.ports'), exposedPorts.length === 0 ? none : <bdi>{exposedPorts.join(', ')}</bdi>],
        [t('config.volumes'), words(volumes)],
        [
          t('config.healthcheck'),
          healthcheck === null ? (
            none
          ) : (
            <>
              {words(healthcheck.test)}
              <div className={classes.quiet}>
                {[
                  seconds(healthcheck.interval) && t('config.interval', { time: seconds(healthcheck.interval) }),
                  seconds(healthcheck.timeout) && t('config.timeout', { time: seconds(healthcheck.timeout) }),
                  healthcheck.retries !== null && t('config.retries', { count: healthcheck.retries }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </>
          ),
        ],
        stopSignal === null ? null : [t('config.stopSignal'), <bdi key="stop">{stopSignal}</bdi>],
        [
          t('config.platform'),
          <bdi key="platform">{[config.os, config.architecture, config.variant].filter(Boolean).join('/') || '–'}</bdi>,
        ],
        [
          t('config.created'),
          created === null || Number.isNaN(Date.parse(created)) ? none : <Time at={created} exact />,
        ],
        author === null ? null : [t('config.author'), <bdi key="author">{author}</bdi>],
      ]}
    />
  );
}

/** A word of a command as a shell would need it, so that blanks are seen. */
function shown(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word);
}
