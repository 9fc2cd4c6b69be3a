import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { Facts } from '../../../components/page/page.tsx';
import { Time } from '../../../components/show/values.tsx';
import { useFormat } from '../../../i18n/format.ts';
import classes from './config.module.css';

type Config = Schema<'ImageConfig'>;

/** How containers of an image start: program, user, ports, volumes, health. */
export function RunFacts({ config }: { readonly config: Config }) {
  const { t } = useTranslation('image');
  const { user, workingDir, stopSignal, exposedPorts, created, author } = config;
  const platform = [config.os, config.architecture, config.variant].filter(Boolean).join('/');
  const built = created === null || Number.isNaN(Date.parse(created)) ? null : created;
  const builtAt = built === null ? '–' : <Time at={built} exact />;
  const entrypoint = <Words words={config.entrypoint} />;
  const command = <Words words={config.cmd} />;
  const volumes = <Words words={config.volumes} />;
  const health = <Health check={config.healthcheck} />;
  return (
    <Facts
      items={[
        [t('config.entrypoint'), entrypoint],
        [t('config.cmd'), command],
        [t('config.user'), user || t('config.root')],
        [t('config.workingDir'), workingDir || '–'],
        [t('config.ports'), exposedPorts.join(', ') || '–'],
        [t('config.volumes'), volumes],
        [t('config.healthcheck'), health],
        [t('config.platform'), platform || '–'],
        [t('config.created'), builtAt],
        stopSignal === null ? null : [t('config.stopSignal'), stopSignal],
        author === null ? null : [t('config.author'), author],
      ]}
    />
  );
}

function Words({ words }: { readonly words: readonly string[] | null }) {
  if (words === null || words.length === 0) return '–';
  return (
    <code className={classes.code}>
      <bdi>{words.map(shown).join(' ')}</bdi>
    </code>
  );
}

/** A word of a command as it must be written, so that blanks are seen. */
function shown(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word);
}

function Health({ check }: { readonly check: Config['healthcheck'] }) {
  const { t } = useTranslation('image');
  const format = useFormat();
  if (check === null) return '–';
  const { test, interval, timeout, retries } = check;
  const about = [
    interval === null ? null : t('config.interval', { time: format.duration(interval / 1e6) }),
    timeout === null ? null : t('config.timeout', { time: format.duration(timeout / 1e6) }),
    retries === null ? null : t('config.retries', { count: retries }),
  ];
  return (
    <>
      <Words words={test} />
      <div className={classes.quiet}>{about.filter((text) => text !== null).join(' · ')}</div>
    </>
  );
}
