import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { momentsOf } from '../../schedule/moments.ts';
import classes from './registry-form.module.css';

const presets = {
  '': 'scheduleNever',
  '0 * * * *': 'scheduleHourly',
  '0 */6 * * *': 'scheduleSix',
  '0 2 * * *': 'scheduleDaily',
} as const;
const other = 'other';
const shown = 3;

/** When a registry is read by itself: one of the usual rhythms, or an expression with its next moments. */
export function ScheduleField({
  value,
  onChange,
  error,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
}) {
  const { t } = useTranslation('registries');
  const format = useFormat();
  const isPreset = Object.hasOwn(presets, value);
  const moments = value.trim() === '' ? [] : momentsOf(value, 'UTC', new Date(), shown);
  const next =
    moments === null || moments.length === 0
      ? undefined
      : t('form.nextAt', { times: moments.map((moment) => format.dateTime(moment.getTime())).join(' · ') });
  return (
    <div className={classes.pair}>
      <Select
        label={t('form.schedule')}
        value={isPreset ? value : other}
        onChange={(chosen) => onChange(chosen === other ? '30 3 * * 1-5' : (chosen ?? ''))}
        description={isPreset ? next : undefined}
        data={[
          ...Object.entries(presets).map(([cron, label]) => ({ value: cron, label: t(`form.${label}`) })),
          { value: other, label: t('form.scheduleOther') },
        ]}
      />
      {!isPreset && (
        <TextInput
          label={t('form.cron')}
          value={value}
          maxLength={200}
          spellCheck={false}
          description={next}
          error={moments === null ? t('form.cronWrong') : error}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </div>
  );
}
