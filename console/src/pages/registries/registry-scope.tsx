import { Switch, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './registry-form.module.css';
import type { FieldsProps } from './registry-form.tsx';
import { ScheduleField } from './schedule-field.tsx';

/** Patterns over repositories. */
export function PatternFields({ draft, set, wrong }: Pick<FieldsProps, 'draft' | 'set' | 'wrong'>) {
  const { t } = useTranslation('registries');
  return (
    <div className={classes.pair}>
      <Textarea
        label={t('form.include')}
        description={t('form.includeHint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        rows={3}
        spellCheck={false}
        value={draft.include}
        error={wrong('include')}
        onChange={(event) => set({ include: event.currentTarget.value })}
      />
      <Textarea
        label={t('form.exclude')}
        rows={3}
        spellCheck={false}
        value={draft.exclude}
        error={wrong('exclude')}
        onChange={(event) => set({ exclude: event.currentTarget.value })}
      />
    </div>
  );
}

/** What of a registry is read, and when. */
export function ScopeFields(props: FieldsProps) {
  const { t } = useTranslation('registries');
  const { draft, set, wrong, exists } = props;
  return (
    <>
      <fieldset className={classes.group}>
        <legend className={classes.legend}>{t('form.scope')}</legend>
        <PatternFields {...props} />
      </fieldset>
      <fieldset className={classes.group}>
        <legend className={classes.legend}>{t('form.rhythm')}</legend>
        <ScheduleField value={draft.schedule} error={wrong('schedule')} onChange={(schedule) => set({ schedule })} />
        <div className={classes.pair}>
          <TextInput
            label={t('form.scansPerHour')}
            description={t('form.scansPerHourHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            inputMode="numeric"
            value={draft.scansPerHour}
            error={wrong('scansPerHour')}
            onChange={(event) => set({ scansPerHour: event.currentTarget.value.replace(/\D/g, '').slice(0, 6) })}
          />
        </div>
        {/* The server does not tell the present choice of a registry, so it can only be made when adding one. */}
        {!exists && (
          <Switch
            label={t('form.scanNew')}
            checked={draft.scanNew}
            onChange={(event) => set({ scanNew: event.currentTarget.checked })}
          />
        )}
      </fieldset>
    </>
  );
}
