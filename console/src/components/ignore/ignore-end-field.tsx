import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ignore.module.css';
import { dayFromNow, endOfDay, type IgnoreDraft, type IgnoreEnd, type IgnoreKind, isOfRisks } from './ignore-order.ts';

interface IgnoreEndFieldProps extends Pick<IgnoreDraft, 'end' | 'lastDay'> {
  readonly kind: IgnoreKind;
  readonly change: (part: Partial<Pick<IgnoreDraft, 'end' | 'lastDay'>>) => void;
}

const shortcuts = [30, 90, 365] as const;

/** Until when a decision holds: a day, until a fix appears, or without an end. */
export function IgnoreEndField({ kind, end, lastDay, change }: IgnoreEndFieldProps) {
  const { t } = useTranslation('ignores');
  const label = useId();
  const ends: readonly IgnoreEnd[] = isOfRisks(kind) ? ['date', 'never'] : ['date', 'fix', 'never'];
  return (
    <div className={classes.end}>
      <span id={label} className={classes.label}>
        {t('dialog.until')}
      </span>
      <SegmentedControl
        fullWidth
        size="sm"
        aria-labelledby={label}
        data={ends.map((value) => ({ value, label: t(`end.${value}`) }))}
        value={end}
        onChange={(value) => change({ end: ends.find((one) => one === value) ?? 'date' })}
      />
      {end === 'date' ? (
        <div className={classes.day}>
          <TextInput
            type="date"
            aria-label={t('dialog.lastDay')}
            min={dayFromNow(0)}
            value={lastDay}
            onChange={(event) => change({ lastDay: event.currentTarget.value })}
            error={endOfDay(lastDay) === null ? t('dialog.missing') : undefined}
          />
          {shortcuts.map((days) => (
            <Button
              key={days}
              size="compact-sm"
              variant={lastDay === dayFromNow(days) ? 'light' : 'subtle'}
              onClick={() => change({ lastDay: dayFromNow(days) })}
            >
              {t('dialog.days', { count: days })}
            </Button>
          ))}
        </div>
      ) : (
        <p className={classes.hint}>{t(`endHint.${end}`)}</p>
      )}
    </div>
  );
}
