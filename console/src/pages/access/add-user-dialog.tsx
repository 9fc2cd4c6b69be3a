import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { useGo } from '../../app/go.ts';
import { FormDialog } from '../../components/feedback/form-dialog.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { CopyButton } from '../../components/show/values.tsx';
import { makePassword, shortestPassword } from './passwords.ts';
import { type Scope, ScopeFields } from './scope-fields.tsx';
import type { AccessFacts } from './use-access.ts';

interface AddUserDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly facts: AccessFacts;
}

const nameShape = /^[\w.@-]{1,100}$/;

/** Adds a user with its first policy. */
export function AddUserDialog({ opened, close, facts }: AddUserDialogProps) {
  const { t } = useTranslation(['access', 'common']);
  const go = useGo();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [policy, setPolicy] = useState<string | null>('viewer');
  const [scope, setScope] = useState<Scope>('all');
  const leave = (): void => {
    setName('');
    setPassword('');
    setScope('all');
    add.reset();
    close();
  };
  const add = useChange<void, Schema<'User'> | undefined>({
    run: async () => {
      const { data } = await api.POST('/api/v1/users', {
        body: { name, ...(password === '' ? {} : { password }) },
      });
      if (data === undefined || policy === null) return data;
      const { data: granted } = await api.PUT('/api/v1/users/{id}/grants', {
        params: { path: { id: String(data.id) } },
        body: { grants: [{ policy, projects: scope === 'all' ? 'all' : [...scope] }] },
      });
      return granted ?? data;
    },
    touches: ['/api/v1/users'],
    quiet: true,
    done: () => ({ text: t('user.added', { name }) }),
    after: (user) => {
      leave();
      if (user !== undefined) go(`/access/${user.id}`);
    },
  });
  const tooShort = password !== '' && password.length < shortestPassword;
  return (
    <FormDialog
      title={t('user.addTitle')}
      opened={opened}
      onClose={leave}
      onSubmit={() => add.mutate()}
      submit={t('user.add')}
      pending={add.isPending}
      error={add.error}
      disabled={!nameShape.test(name) || tooShort || (policy !== null && scope !== 'all' && scope.length === 0)}
    >
      <TextInput
        data-autofocus
        label={t('user.name')}
        description={t('user.nameHint')}
        value={name}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        error={name !== '' && !nameShape.test(name)}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <PasswordInput
        label={`${t('user.passwordOptional')} (${t('common:optional')})`}
        description={t('user.passwordHint')}
        value={password}
        maxLength={1000}
        autoComplete="new-password"
        error={tooShort}
        onChange={(event) => setPassword(event.currentTarget.value)}
        rightSectionWidth={70}
      />
      <div>
        <Button variant="subtle" size="compact-xs" onClick={() => setPassword(makePassword())}>
          {t('user.generate')}
        </Button>
        {password !== '' && <CopyButton text={password} />}
      </div>
      <Select
        label={t('user.firstPolicy')}
        data={facts.policies.map((one) => one.name)}
        value={policy}
        clearable
        allowDeselect
        searchable
        onChange={setPolicy}
      />
      {policy !== null && <ScopeFields scope={scope} onChange={setScope} facts={facts} label={t('grants.where')} />}
    </FormDialog>
  );
}
