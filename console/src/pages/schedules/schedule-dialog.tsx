import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { momentsOf } from '../../schedule/moments.ts';
import { useRhythmWords } from '../../schedule/use-rhythm-words.ts';
import { Moments } from './moments.tsx';
import classes from './schedules.module.css';
import { useScheduleChange } from './use-schedule-change.ts';

interface ScheduleFormProps {
  readonly schedule: Schema<'Schedule'>;
  readonly title: string;
  readonly close: () => void;
}

const presets = { '0 * * * *': 'hourly', '0 */6 * * *': 'six', '0 2 * * *': 'daily', '0 3 * * 0': 'weekly' } as const;
const other = 'other';
const minuteMs = 60_000;
const mostMinutes = 1440;
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** Changes when a schedule is due; begins anew with each opening. */
export function ScheduleDialog({ opened, ...form }: ScheduleFormProps & { readonly opened: boolean }) {
  const { t } = useTranslation(['schedules', 'common']);
  return (
    <Modal
      opened={opened}
      onClose={form.close}
      title={t('editOf', { name: form.title })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <ScheduleForm {...form} />
    </Modal>
  );
}

/** Shows the next moments while it is filled in, by the same reader as the server's. */
function ScheduleForm({ schedule, title, close }: ScheduleFormProps) {
  const { t } = useTranslation(['schedules', 'common']);
  const words = useRhythmWords();
  const [cron, setCron] = useState(schedule.cron);
  const [free, setFree] = useState(!Object.hasOwn(presets, schedule.cron));
  const [zone, setZone] = useState(schedule.zone);
  const [jitter, setJitter] = useState(String(schedule.jitterMs / minuteMs));
  const change = useScheduleChange(title, close);
  const moments = momentsOf(cron, zone, new Date());
  const minutes = /^\d{1,4}$/.test(jitter.trim()) ? Number(jitter) : Number.NaN;
  const isJitter = minutes <= mostMinutes;
  const isRight = moments !== null && isJitter;
  // What was stored in fractions of a minute stays, unless it is changed.
  const jitterMs = jitter === String(schedule.jitterMs / minuteMs) ? schedule.jitterMs : minutes * minuteMs;
  const valid = isRight || (moments !== null && jitterMs === schedule.jitterMs);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!valid) return;
        change.mutate({ schedule, timing: { cron: cron.trim(), zone, jitterMs, enabled: schedule.enabled } });
      }}
    >
      <Select
        data-autofocus
        label={t('form.preset')}
        value={free ? other : cron}
        onChange={(chosen) => {
          setFree(chosen === other);
          if (chosen !== other && chosen !== null) setCron(chosen);
        }}
        data={[
          ...Object.entries(presets).map(([value, label]) => ({ value, label: t(`form.${label}`) })),
          { value: other, label: t('form.other') },
        ]}
      />
      {free && (
        <TextInput
          label={t('form.cron')}
          description={t('form.cronHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={cron}
          maxLength={200}
          spellCheck={false}
          error={moments === null ? t('form.cronWrong') : undefined}
          onChange={(event) => setCron(event.currentTarget.value)}
        />
      )}
      <div className={classes.pair}>
        <Select
          label={t('form.zone')}
          searchable
          value={zone}
          onChange={(chosen) => setZone(chosen ?? 'UTC')}
          limit={100}
          data={zones.includes(zone) ? zones : [zone, ...zones]}
        />
        <TextInput
          label={t('form.jitter')}
          description={t('form.jitterHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          inputMode="numeric"
          value={jitter}
          error={valid || moments === null ? undefined : t('form.jitterWrong')}
          onChange={(event) => setJitter(event.currentTarget.value)}
        />
      </div>
      <section className={classes.preview} aria-live="polite" aria-label={t('form.preview')}>
        <h3>
          {t('form.preview')} <span className={classes.quiet}>{t('form.yourZone')}</span>
        </h3>
        {moments !== null && (
          <>
            <p className={classes.rhythm}>{words(cron.trim(), zone)}</p>
            <Moments at={moments} />
          </>
        )}
      </section>
      <div className={classes.end}>
        <Button variant="default" onClick={close}>
          {t('common:cancel')}
        </Button>
        <Button type="submit" disabled={!valid} loading={change.isPending}>
          {t('common:save')}
        </Button>
      </div>
    </form>
  );
}
