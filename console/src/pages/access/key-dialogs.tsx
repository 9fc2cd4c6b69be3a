import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { FormDialog } from '../../components/feedback/form-dialog.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import classes from './access.module.css';
import { type Secret, SecretDialog } from './secret-dialog.tsx';
import { TokenDialog } from './token-dialog.tsx';
import type { KeyRow } from './use-keys.ts';

type User = Schema<'User'>;

/** What is being done with keys. */
export type KeyDialog =
  | { readonly kind: 'key' | 'temporary' | 'token'; readonly user: User }
  | { readonly kind: 'rotate' | 'end'; readonly row: KeyRow };

const day = 86_400;
const ends = { never: null, d7: 7, d30: 30, d90: 90, d365: 365 } as const;
const overlaps = { none: 0, h1: 3600, d1: day, d7: 7 * day, d30: 30 * day } as const;
const durations = { m15: 900, h1: 3600, h4: 4 * 3600, h12: 12 * 3600 } as const;

/** When something made now ends, by the choice of a form. */
export function endOf(choice: string): string | null {
  const days = ends[choice as keyof typeof ends] ?? null;
  return days === null ? null : new Date(Date.now() + days * day * 1000).toISOString();
}

function keySecret(id: string, secret: string, until: string | null, securityToken?: string): Secret {
  return {
    file: `${id}.env`,
    until,
    parts: [
      { label: 'accessKeyId', variable: 'ACCESS_KEY_ID', value: id },
      { label: 'secret', variable: 'ACCESS_KEY_SECRET', value: secret },
      ...(securityToken === undefined
        ? []
        : [{ label: 'securityToken' as const, variable: 'SECURITY_TOKEN', value: securityToken }]),
    ],
  };
}

/** Dialogs of keys and tokens, and the one that shows a secret the only time there is. */
export function KeyDialogs({ dialog, close }: { readonly dialog: KeyDialog | null; readonly close: () => void }) {
  const [secret, setSecret] = useState<Secret | null>(null);
  const show = (next: Secret): void => {
    setSecret(next);
    close();
  };
  return (
    <>
      {(dialog?.kind === 'key' || dialog?.kind === 'temporary') && (
        <MakeKey user={dialog.user} temporary={dialog.kind === 'temporary'} close={close} show={show} />
      )}
      {dialog?.kind === 'token' && <TokenDialog user={dialog.user} close={close} show={show} />}
      {dialog?.kind === 'rotate' && <Rotate row={dialog.row} close={close} show={show} />}
      {dialog?.kind === 'end' && <End row={dialog.row} close={close} />}
      <SecretDialog secret={secret} close={() => setSecret(null)} />
    </>
  );
}

interface MakeProps {
  readonly close: () => void;
  readonly show: (secret: Secret) => void;
}

function MakeKey({ user, temporary, close, show }: MakeProps & { readonly user: User; readonly temporary: boolean }) {
  const { t } = useTranslation('access');
  const [end, setEnd] = useState('never');
  const [name, setName] = useState('console');
  const [duration, setDuration] = useState('h1');
  const path = { id: String(user.id) };
  const make = useChange<void, Secret | undefined>({
    run: async () => {
      if (temporary) {
        const durationSeconds = durations[duration as keyof typeof durations];
        const { data } = await api.POST('/api/v1/users/{id}/temporary-keys', {
          params: { path },
          body: { name, durationSeconds },
        });
        return data && keySecret(data.accessKeyId, data.secret, data.expiresAt, data.securityToken);
      }
      const { data } = await api.POST('/api/v1/users/{id}/keys', { params: { path }, body: { expiresAt: endOf(end) } });
      return data && keySecret(data.key.id, data.secret, data.key.expiresAt);
    },
    touches: ['/api/v1/users'],
    quiet: true,
    after: (secret) => secret && show(secret),
  });
  return (
    <FormDialog
      title={t(temporary ? 'key.temporaryTitle' : 'key.keyTitle', { name: user.name })}
      opened
      onClose={close}
      onSubmit={() => make.mutate()}
      submit={t('key.make')}
      pending={make.isPending}
      error={make.error}
      disabled={temporary && name === ''}
    >
      <p className={classes.hint}>{t(temporary ? 'key.temporaryHint' : 'key.keyHint')}</p>
      {temporary ? (
        <>
          <TextInput
            data-autofocus
            label={t('key.sessionName')}
            value={name}
            maxLength={64}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t('key.duration')}
            value={duration}
            data={(['m15', 'h1', 'h4', 'h12'] as const).map((value) => ({ value, label: t(`key.durations.${value}`) }))}
            onChange={(value) => setDuration(value ?? 'h1')}
          />
        </>
      ) : (
        <EndField end={end} onChange={setEnd} choices={['never', 'd30', 'd90', 'd365']} />
      )}
    </FormDialog>
  );
}

type EndChoice = keyof typeof ends;

/** Chooses when a key or token ends. */
export function EndField({
  end,
  onChange,
  choices,
}: {
  readonly end: string;
  readonly onChange: (end: string) => void;
  readonly choices: readonly EndChoice[];
}) {
  const { t } = useTranslation('access');
  return (
    <Select
      label={t('key.end')}
      value={end}
      data={choices.map((value) => ({ value, label: t(`key.ends.${value}`) }))}
      onChange={(value) => onChange(value ?? choices[0] ?? 'd30')}
    />
  );
}

function Rotate({ row, close, show }: MakeProps & { readonly row: KeyRow }) {
  const { t } = useTranslation('access');
  const [overlap, setOverlap] = useState('d1');
  const rotate = useChange<void, Secret | undefined>({
    run: async () => {
      const overlapSeconds = overlaps[overlap as keyof typeof overlaps];
      const { data } = await api.POST('/api/v1/keys/{keyId}/rotate', {
        params: { path: { keyId: row.id } },
        body: { overlapSeconds },
      });
      return data && keySecret(data.key.id, data.secret, data.key.expiresAt);
    },
    touches: ['/api/v1/users'],
    quiet: true,
    after: (secret) => secret && show(secret),
  });
  return (
    <FormDialog
      title={t('key.rotateTitle', { id: row.id })}
      opened
      onClose={close}
      onSubmit={() => rotate.mutate()}
      submit={t('key.rotate')}
      pending={rotate.isPending}
      error={rotate.error}
    >
      <p className={classes.hint}>{t('key.rotateHint')}</p>
      <Select
        label={t('key.overlap')}
        value={overlap}
        data={(['none', 'h1', 'd1', 'd7', 'd30'] as const).map((value) => ({
          value,
          label: t(`key.overlaps.${value}`),
        }))}
        onChange={(value) => setOverlap(value ?? 'd1')}
      />
    </FormDialog>
  );
}

function End({ row, close }: { readonly row: KeyRow; readonly close: () => void }) {
  const { t } = useTranslation('access');
  const isToken = row.kind === 'token';
  const id = isToken ? (row.token.name ?? `#${row.token.id}`) : row.id;
  const end = useChange({
    run: async () => {
      if (row.kind === 'token') {
        const path = { id: String(row.user.id), tokenId: String(row.token.id) };
        await api.DELETE('/api/v1/users/{id}/tokens/{tokenId}', { params: { path } });
      } else await api.DELETE('/api/v1/keys/{keyId}', { params: { path: { keyId: row.id } } });
    },
    touches: ['/api/v1/users'],
    quiet: true,
    done: () => ({ text: t(isToken ? 'key.tokenEnded' : 'key.keyRemoved', { id }) }),
    after: close,
  });
  return (
    <FormDialog
      title={t(isToken ? 'key.endTokenTitle' : 'key.removeKeyTitle', { id })}
      opened
      onClose={close}
      onSubmit={() => end.mutate()}
      submit={t(isToken ? 'key.endToken' : 'key.removeKey')}
      pending={end.isPending}
      error={end.error}
      danger
    >
      <p className={classes.hint}>{t(isToken ? 'key.endTokenText' : 'key.removeKeyText')}</p>
    </FormDialog>
  );
}
