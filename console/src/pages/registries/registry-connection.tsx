import { Checkbox, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { nameFrom } from './registry-draft.ts';
import classes from './registry-form.module.css';
import type { FieldsProps } from './registry-form.tsx';

const kinds = ['oci', 'harbor', 'static'] as const;

/** Where a registry is, and what kind it is. */
export function ConnectionFields({ draft, set, wrong, exists }: FieldsProps) {
  const { t } = useTranslation('registries');
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t('form.connection')}</legend>
      <TextInput
        label={t('form.baseUrl')}
        description={t('form.baseUrlHint')}
        required
        value={draft.baseUrl}
        error={wrong('baseUrl')}
        maxLength={500}
        inputMode="url"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => set({ baseUrl: event.currentTarget.value })}
      />
      <div className={classes.pair}>
        <TextInput
          label={t('form.name')}
          description={t('form.nameHint')}
          placeholder={nameFrom(draft.baseUrl)}
          value={draft.name}
          error={wrong('name')}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Select
          label={t('form.kind')}
          description={t(`kindHint.${draft.kind}`)}
          disabled={exists}
          value={draft.kind}
          onChange={(kind) => set({ kind: kinds.find((known) => known === kind) ?? 'oci' })}
          data={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
      </div>
      {draft.kind === 'static' && (
        <Textarea
          label={t('form.references')}
          description={t('form.referencesHint')}
          required
          rows={4}
          spellCheck={false}
          value={draft.references}
          error={wrong('references')}
          onChange={(event) => set({ references: event.currentTarget.value })}
        />
      )}
    </fieldset>
  );
}

/** Who Drydock is at the registry. A stored password is never shown, only kept, replaced or forgotten. */
export function CredentialFields({ draft, set, wrong, hasPassword }: FieldsProps) {
  const { t } = useTranslation('registries');
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{t('form.credentials')}</legend>
      <p className={classes.hint}>{t('form.credentialsHint')}</p>
      <div className={classes.pair}>
        <TextInput
          label={t('form.username')}
          value={draft.username}
          error={wrong('username')}
          maxLength={256}
          autoComplete="off"
          disabled={draft.forget}
          onChange={(event) => set({ username: event.currentTarget.value })}
        />
        <PasswordInput
          label={t('form.password')}
          description={hasPassword ? t('form.passwordKept') : t('form.passwordHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={draft.password}
          error={wrong('password')}
          autoComplete="new-password"
          disabled={draft.forget}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
      </div>
      {hasPassword && (
        <Checkbox
          label={t('form.passwordForget')}
          checked={draft.forget}
          onChange={(event) => set({ forget: event.currentTarget.checked })}
        />
      )}
    </fieldset>
  );
}

/** What few registries need. Open from the start where something of it is set. */
export function MoreFields({ draft, set, wrong, exists }: FieldsProps) {
  const { t } = useTranslation('registries');
  const { may } = useSession();
  const regions = $api.useQuery('get', '/api/v1/regions');
  const projects = $api.useQuery('get', '/api/v1/projects', {}, { enabled: !exists && may('drydock:project:read') });
  const regionIds = regions.data?.items ?? [];
  const known = projects.data?.items ?? [];
  const isSet = draft.insecure || draft.ca !== '' || draft.connectAddress !== '';
  const isWrong = (['ca', 'insecure', 'connectAddress', 'region'] as const).some((field) => wrong(field) !== undefined);
  return (
    <details className={classes.more} open={isSet || isWrong || draft.baseUrl.startsWith('http:') || undefined}>
      <summary>{t('form.more')}</summary>
      <div className={classes.moreBody}>
        <Checkbox
          label={t('form.insecure')}
          description={t('form.insecureHint')}
          checked={draft.insecure}
          error={wrong('insecure')}
          onChange={(event) => set({ insecure: event.currentTarget.checked })}
        />
        <Textarea
          label={t('form.ca')}
          description={t('form.caHint')}
          rows={3}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={draft.ca}
          error={wrong('ca')}
          onChange={(event) => set({ ca: event.currentTarget.value })}
        />
        <div className={classes.pair}>
          <TextInput
            label={t('form.connectAddress')}
            description={t('form.connectAddressHint')}
            value={draft.connectAddress}
            error={wrong('connectAddress')}
            maxLength={300}
            spellCheck={false}
            onChange={(event) => set({ connectAddress: event.currentTarget.value })}
          />
          {regionIds.length > 1 && (
            <Select
              label={t('form.region')}
              value={draft.region === '' ? (regionIds[0]?.id ?? null) : draft.region}
              onChange={(region) => set({ region: region ?? '' })}
              error={wrong('region')}
              data={regionIds.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} (${id})` }))}
            />
          )}
          {!exists && known.length > 1 && (
            <Select
              label={t('form.project')}
              description={t('form.projectHint')}
              value={draft.projectId === '' ? null : draft.projectId}
              onChange={(project) => set({ projectId: project ?? '' })}
              error={wrong('projectId')}
              data={known.map(({ id, name }) => ({ value: String(id), label: name }))}
            />
          )}
        </div>
      </div>
    </details>
  );
}
