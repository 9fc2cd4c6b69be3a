import { Button, Checkbox, PasswordInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { CopyButton } from '../../components/show/values.tsx';
import type { ChannelForm } from './channel-form.ts';
import classes from './notifications.module.css';

interface TargetFieldsProps {
  readonly form: ChannelForm;
  readonly change: (part: Partial<ChannelForm>) => void;
  /** Null = a new one. */
  readonly channel: Schema<'NotificationChannel'> | null;
  /** The member that the server refused. */
  readonly wrong: string | undefined;
}

function madeSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replace(/\W/g, '');
}

/** Where a channel goes: the fields of its kind. Addresses and secrets are only written, never read. */
export function TargetFields(props: TargetFieldsProps) {
  const { form, change, wrong } = props;
  const { t } = useTranslation(['notifications', 'common']);
  return (
    <>
      {form.kind === 'mail' ? <MailFields {...props} /> : <HookFields {...props} />}
      <Textarea
        className={classes.pem ?? ''}
        label={`${t('form.ca')} (${t('common:optional')})`}
        rows={form.ca === '' ? 1 : 4}
        spellCheck={false}
        value={form.ca}
        error={wrong === 'target.ca'}
        onChange={(event) => change({ ca: event.currentTarget.value })}
      />
    </>
  );
}

function HookFields({ form, change, channel, wrong }: TargetFieldsProps) {
  const { t } = useTranslation(['notifications', 'common']);
  const target = channel === null || channel.target.kind === 'mail' ? null : channel.target;
  const required = form.kind === 'webhook';
  const hasSecret = form.kind === 'webhook' || form.kind === 'dingtalk' || form.kind === 'feishu';
  return (
    <>
      <TextInput
        label={t('form.url')}
        description={target === null ? t('form.urlHint') : t('form.urlKept', { url: target.url })}
        type="url"
        autoComplete="off"
        spellCheck={false}
        value={form.url}
        error={wrong === 'target.url'}
        onChange={(event) => change({ url: event.currentTarget.value.trim() })}
      />
      {hasSecret && (
        <div>
          <PasswordInput
            label={required ? t('form.secret') : `${t('form.secret')} (${t('common:optional')})`}
            description={
              target?.hasSecret ? t('form.secretKept') : required ? t('form.secretHint') : t('form.secretOptional')
            }
            autoComplete="off"
            value={form.secret}
            maxLength={500}
            disabled={form.dropSecret}
            error={wrong === 'target.secret'}
            onChange={(event) => change({ secret: event.currentTarget.value })}
          />
          {required && (
            <div className={classes.inline}>
              <Button variant="subtle" size="compact-xs" onClick={() => change({ secret: madeSecret() })}>
                {t('form.generate')}
              </Button>
              {form.secret !== '' && (
                <>
                  <CopyButton text={form.secret} />
                  <span className={classes.quiet}>{t('secretOnce')}</span>
                </>
              )}
            </div>
          )}
          {!required && target?.hasSecret && (
            <Checkbox
              mt={8}
              label={t('form.secretDrop')}
              checked={form.dropSecret}
              onChange={(event) => change({ dropSecret: event.currentTarget.checked })}
            />
          )}
        </div>
      )}
    </>
  );
}

function MailFields({ form, change, channel, wrong }: TargetFieldsProps) {
  const { t } = useTranslation('notifications');
  const target = channel?.target.kind === 'mail' ? channel.target : null;
  return (
    <>
      <div className={classes.three}>
        <TextInput
          label={t('form.host')}
          value={form.host}
          spellCheck={false}
          error={wrong === 'target.host'}
          onChange={(event) => change({ host: event.currentTarget.value })}
        />
        <TextInput
          label={t('form.port')}
          placeholder={t('form.portHint')}
          inputMode="numeric"
          value={form.port}
          error={form.port !== '' && !/^\d{1,5}$/.test(form.port)}
          onChange={(event) => change({ port: event.currentTarget.value.trim() })}
        />
        <Select
          label={t('form.security')}
          value={form.security}
          data={(['starttls', 'tls', 'none'] as const).map((value) => ({
            value,
            label: t(`form.securities.${value}`),
          }))}
          onChange={(value) => change({ security: (value ?? 'starttls') as ChannelForm['security'] })}
        />
      </div>
      <div className={classes.two}>
        <TextInput
          label={t('form.username')}
          value={form.username}
          autoComplete="off"
          onChange={(event) => change({ username: event.currentTarget.value })}
        />
        <PasswordInput
          label={t('form.password')}
          {...(target?.hasPassword ? { placeholder: t('form.passwordKept') } : {})}
          value={form.password}
          autoComplete="new-password"
          error={wrong === 'target.password' || wrong === 'password'}
          onChange={(event) => change({ password: event.currentTarget.value })}
        />
        <TextInput
          label={t('form.from')}
          value={form.from}
          type="email"
          error={wrong === 'target.from'}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TagsInput
          label={t('form.to')}
          placeholder={form.to.length === 0 ? t('form.toHint') : ''}
          value={[...form.to]}
          maxTags={50}
          splitChars={[',', ';', ' ']}
          error={wrong === 'target.to'}
          onChange={(to) => change({ to })}
        />
      </div>
    </>
  );
}
