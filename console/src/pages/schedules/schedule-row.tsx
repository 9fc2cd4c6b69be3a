import { Button, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Time } from '../../components/show/values.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useRhythmWords } from '../../schedule/use-rhythm-words.ts';
import { Moments } from './moments.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';
import classes from './schedules.module.css';
import { timingOf, useScheduleChange } from './use-schedule-change.ts';

interface ScheduleRowProps {
  readonly schedule: Schema<'Schedule'>;
  readonly title: string;
  readonly what: string;
}

/** One schedule: what it does, when, its next moments; switching it and changing it for who may. */
export function ScheduleRow({ schedule, title, what }: ScheduleRowProps) {
  const { t } = useTranslation('schedules');
  const words = useRhythmWords();
  const { may } = useSession();
  const [open, setOpen] = useState(false);
  const [editing, setEditing] = useState(false);
  const toggle = useScheduleChange(title);
  const writes = may('drydock:schedule:write');
  const { enabled, cron, zone, nextAt, lastAt, name } = schedule;
  const panel = `moments-${name.replace(/\W/g, '-')}`;
  return (
    <li className={classes.row} data-off={!enabled || undefined}>
      <div className={classes.main}>
        <div className={classes.what}>
          <h2 className={classes.title}>
            <bdi>{title}</bdi>
          </h2>
          <p className={classes.rhythm}>{words(cron, zone)}</p>
          <p className={classes.quiet}>{what}</p>
        </div>
        <dl className={classes.times}>
          <div>
            <dt>{t('next')}</dt>
            <dd>{enabled ? <Time at={nextAt} /> : t('off')}</dd>
          </div>
          <div>
            <dt>{t('last')}</dt>
            <dd>
              <Time at={lastAt} />
            </dd>
          </div>
        </dl>
        <div className={classes.controls}>
          <Switch
            aria-label={t('enable', { name: title })}
            checked={enabled}
            disabled={!writes || toggle.isPending}
            onChange={() => toggle.mutate({ schedule, timing: { ...timingOf(schedule), enabled: !enabled } })}
          />
          {writes && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t('editOf', { name: title })}
              onClick={() => setEditing(true)}
            >
              {t('edit')}
            </Button>
          )}
        </div>
      </div>
      {enabled && (
        <>
          <button
            type="button"
            className={classes.more}
            aria-expanded={open}
            aria-controls={panel}
            onClick={() => setOpen(!open)}
          >
            {open ? t('hideMoments') : t('moments')}
          </button>
          {open && (
            <div id={panel}>
              <NextMoments schedule={schedule} />
            </div>
          )}
        </>
      )}
      <ScheduleDialog opened={editing} schedule={schedule} title={title} close={() => setEditing(false)} />
    </li>
  );
}

/** The moments as the server will keep them. */
function NextMoments({ schedule: { name, jitterMs } }: { readonly schedule: Schema<'Schedule'> }) {
  const { t } = useTranslation('schedules');
  const format = useFormat();
  const { data } = $api.useQuery('get', '/api/v1/schedules/{name}/moments', { params: { path: { name } } });
  return (
    <>
      <Moments at={(data?.items ?? []).map((moment) => new Date(moment))} />
      {jitterMs > 0 && <p className={classes.quiet}>{t('momentsFrom', { time: format.duration(jitterMs) })}</p>}
    </>
  );
}
