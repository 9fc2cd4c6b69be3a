import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { FormDialog } from '../../components/feedback/form-dialog.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import classes from './access.module.css';
import { EndField, endOf } from './key-dialogs.tsx';
import type { Secret } from './secret-dialog.tsx';
import {
  draftOfStatements,
  isSound,
  type StatementDraft,
  StatementsEditor,
  statementsOf,
} from './statements-editor.tsx';

interface TokenDialogProps {
  readonly user: Schema<'User'>;
  readonly close: () => void;
  readonly show: (secret: Secret) => void;
}

const usual = [{ effect: 'Allow' as const, actions: ['drydock:image:read', 'drydock:finding:read'] }];

/** Makes a robot token, if wanted with fewer rights than its user. */
export function TokenDialog({ user, close, show }: TokenDialogProps) {
  const { t } = useTranslation('access');
  const [name, setName] = useState('');
  const [end, setEnd] = useState('d90');
  const [narrow, setNarrow] = useState(false);
  const [statements, setStatements] = useState<readonly StatementDraft[]>(() => draftOfStatements(usual));
  const make = useChange<void, Secret | undefined>({
    run: async () => {
      const { data } = await api.POST('/api/v1/users/{id}/tokens', {
        params: { path: { id: String(user.id) } },
        body: {
          name,
          expiresAt: endOf(end) ?? '',
          ...(narrow ? { statements: statementsOf(statements) } : {}),
        },
      });
      return (
        data && {
          file: 'drydock-token.env',
          until: data.token.expiresAt,
          parts: [{ label: 'token' as const, variable: 'DRYDOCK_TOKEN', value: data.secret }],
        }
      );
    },
    touches: ['/api/v1/users'],
    quiet: true,
    after: (secret) => secret && show(secret),
  });
  return (
    <FormDialog
      title={t('key.tokenTitle', { name: user.name })}
      opened
      size="lg"
      onClose={close}
      onSubmit={() => make.mutate()}
      submit={t('key.make')}
      pending={make.isPending}
      error={make.error}
      disabled={name.trim() === '' || (narrow && !isSound(statements))}
    >
      <p className={classes.hint}>{t('key.tokenHint')}</p>
      <TextInput
        data-autofocus
        label={t('key.tokenName')}
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <EndField end={end} onChange={setEnd} choices={['d7', 'd30', 'd90', 'd365']} />
      <Checkbox label={t('key.narrow')} checked={narrow} onChange={(event) => setNarrow(event.currentTarget.checked)} />
      {narrow && <StatementsEditor statements={statements} onChange={setStatements} />}
    </FormDialog>
  );
}
