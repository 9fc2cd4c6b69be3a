import { Checkbox, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, api, type Schema } from '../../api/client.ts';
import { ApiError } from '../../api/errors.ts';
import { FormDialog } from '../../components/feedback/form-dialog.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import {
  type ChannelForm,
  changeOf,
  channelKinds,
  channelSeverities,
  formOf,
  isComplete,
  newChannelOf,
} from './channel-form.ts';
import classes from './notifications.module.css';
import { QuietFields } from './quiet-fields.tsx';
import { TargetFields } from './target-fields.tsx';

interface ChannelDialogProps {
  /** Null = a new one. */
  readonly channel: Schema<'NotificationChannel'> | null;
  readonly close: () => void;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Sets a channel up, or changes it. */
export function ChannelDialog({ channel, close }: ChannelDialogProps) {
  const { t } = useTranslation(['notifications', 'common']);
  const [form, setForm] = useState<ChannelForm>(() => formOf(channel, zone));
  const change = (part: Partial<ChannelForm>): void => setForm((old) => ({ ...old, ...part }));
  const kinds = $api.useQuery('get', '/api/v1/notification-events');
  const projects = $api.useQuery('get', '/api/v1/projects');
  const save = useChange({
    run: async () => {
      if (channel === null) await api.POST('/api/v1/notification-channels', { body: newChannelOf(form) });
      else {
        const path = { id: String(channel.id) };
        await api.PATCH('/api/v1/notification-channels/{id}', { params: { path }, body: changeOf(form) });
      }
    },
    touches: ['/api/v1/notification'],
    quiet: true,
    done: () => ({ text: t(channel === null ? 'form.added' : 'form.saved', { name: form.name }) }),
    after: close,
  });
  const wrong = save.error instanceof ApiError ? save.error.field : undefined;
  const events = kinds.data?.items ?? [];
  const chosen = events.filter(({ id }) => form.events.includes(id));
  const matters = (what: 'projects' | 'repositories' | 'severity'): boolean => chosen.some((event) => event[what]);
  return (
    <FormDialog
      title={channel === null ? t('form.addTitle') : t('form.editTitle', { name: channel.name })}
      opened
      size="xl"
      onClose={close}
      onSubmit={() => save.mutate()}
      submit={channel === null ? t('form.add') : t('form.save')}
      pending={save.isPending}
      error={save.error}
      disabled={!isComplete(form, channel === null)}
    >
      <div className={classes.two}>
        <TextInput
          data-autofocus
          label={t('form.name')}
          value={form.name}
          maxLength={100}
          error={wrong === 'name'}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Select
          label={t('form.kind')}
          value={form.kind}
          disabled={channel !== null}
          data={channelKinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
          onChange={(kind) => kind !== null && change({ kind: kind as ChannelForm['kind'], secret: '', url: '' })}
        />
      </div>
      <TargetFields form={form} change={change} channel={channel} wrong={wrong} />
      <div className={classes.section}>
        <Checkbox.Group
          label={t('form.events')}
          value={[...form.events]}
          onChange={(values) => change({ events: values as ChannelForm['events'] })}
        >
          <div className={classes.events}>
            {events.map(({ id, description }) => (
              <Checkbox key={id} value={id} label={t(`event.${id}`)} title={description} />
            ))}
          </div>
        </Checkbox.Group>
      </div>
      <div className={classes.section}>
        <div className={classes.two}>
          <Select
            label={t('form.minSeverity')}
            disabled={!matters('severity')}
            value={form.minSeverity}
            data={channelSeverities.map((value) => ({
              value,
              label: value === 'unknown' ? t('common:all') : t(`common:severity.${value}`),
            }))}
            onChange={(value) => value !== null && change({ minSeverity: value as ChannelForm['minSeverity'] })}
          />
          <MultiSelect
            label={t('form.projects')}
            placeholder={form.projects.length === 0 ? t('form.projectsHint') : ''}
            disabled={!matters('projects')}
            value={form.projects.map(String)}
            data={(projects.data?.items ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            searchable
            error={wrong === 'projects'}
            onChange={(ids) => change({ projects: ids.map(Number) })}
          />
        </div>
        <TagsInput
          label={t('form.repositories')}
          description={t('form.repositoriesHint')}
          disabled={!matters('repositories')}
          value={[...form.repositories]}
          onChange={(repositories) => change({ repositories })}
        />
      </div>
      <QuietFields form={form} change={change} wrong={wrong} />
    </FormDialog>
  );
}
