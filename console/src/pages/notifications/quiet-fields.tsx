import { Checkbox, Select, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ChannelForm } from './channel-form.ts';
import classes from './notifications.module.css';

interface QuietFieldsProps {
  readonly form: ChannelForm;
  readonly change: (part: Partial<ChannelForm>) => void;
  /** The member that the server refused. */
  readonly wrong: string | undefined;
}

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** When messages wait. */
export function QuietFields({ form, change, wrong }: QuietFieldsProps) {
  const { t } = useTranslation('notifications');
  return (
    <div className={classes.section}>
      <Switch
        label={t('form.quiet')}
        description={t('form.quietHint')}
        checked={form.quiet}
        onChange={(event) => change({ quiet: event.currentTarget.checked })}
      />
      {form.quiet && (
        <>
          <div className={classes.three}>
            <Select
              label={t('form.zone')}
              data={zones.includes(form.zone) ? zones : [form.zone, ...zones]}
              value={form.zone}
              searchable
              limit={80}
              error={wrong === 'quietHours.zone'}
              onChange={(zone) => zone !== null && change({ zone })}
            />
            <TextInput
              type="time"
              label={t('form.fromTime')}
              value={form.quietFrom}
              onChange={(event) => change({ quietFrom: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={t('form.toTime')}
              value={form.quietTo}
              onChange={(event) => change({ quietTo: event.currentTarget.value })}
            />
          </div>
          <Checkbox
            label={t('form.critical')}
            checked={form.criticalBreaksThrough}
            onChange={(event) => change({ criticalBreaksThrough: event.currentTarget.checked })}
          />
        </>
      )}
    </div>
  );
}
