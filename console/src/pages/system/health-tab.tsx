import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Facts, Panel } from '../../components/page/page.tsx';
import { Status, type StatusTone } from '../../components/show/status.tsx';
import { CopyButton, Time } from '../../components/show/values.tsx';
import { useKnown } from '../../i18n/known.ts';
import classes from './system.module.css';

const tones: Readonly<Record<string, StatusTone>> = { ok: 'good', warn: 'warn', fail: 'bad' };
const everyMs = 10_000;

/** Checks of the service with their reasons, and what it is. */
export function HealthTab() {
  const { t } = useTranslation('system');
  const known = useKnown('system');
  const { data, error, refetch } = $api.useQuery('get', '/api/v1/system', {}, { refetchInterval: everyMs });
  if (data === undefined) {
    return error === null ? (
      <Skeleton className={classes.skeleton ?? ''} radius={12} />
    ) : (
      <ErrorState error={error} retry={() => void refetch()} />
    );
  }
  const checks = Object.entries(data.checks);
  const remarks = checks.some(([, { state }]) => state !== 'ok');
  const overall = !data.ready ? 'notReady' : remarks ? 'readyWarn' : 'ready';
  return (
    <>
      <Panel
        title={t('facts')}
        aside={<Status tone={!data.ready ? 'bad' : remarks ? 'warn' : 'good'} label={t(overall)} />}
      >
        <Facts
          items={[
            [
              t('version'),
              <span key="version" className="num">
                {data.version}
              </span>,
            ],
            [t('roles'), data.roles.map((role) => `${role} (${known('role', role)})`).join(', ')],
            [t('uptime'), <Time key="uptime" at={data.startedAt} />],
            [t('account'), <bdi key="account">{data.account.name}</bdi>],
            [
              t('accountNumber'),
              <span key="number" className="num">
                {data.account.number} <CopyButton text={String(data.account.number)} />
              </span>,
            ],
            [t('region'), <bdi key="region">{data.account.region}</bdi>],
          ]}
        />
      </Panel>
      <Panel title={t('checks')} flush>
        <div className={classes.checks}>
          {checks.map(([name, { state, reason, ms }]) => (
            <div key={name} className={classes.check}>
              <span className={classes.name}>{known('check', name)}</span>
              <Status tone={tones[state] ?? 'quiet'} label={known('checkState', state)} />
              <bdi className={classes.reason}>{reason ?? ''}</bdi>
              <span className={`num ${classes.ms}`}>{t('inMs', { ms })}</span>
            </div>
          ))}
        </div>
      </Panel>
    </>
  );
}
