import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { IconKey, IconLock, IconLockOpen, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schema } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';
import { useSession } from '../../api/session.tsx';
import { useGo } from '../../app/go.ts';
import { FormDialog } from '../../components/feedback/form-dialog.tsx';
import { useChange } from '../../components/feedback/use-change.ts';
import { CopyButton } from '../../components/show/values.tsx';
import classes from './access.module.css';
import { makePassword, shortestPassword } from './passwords.ts';

type User = Schema<'User'>;

const touches = ['/api/v1/users'];

/** What can be done with a user: lock it out, change its password, remove it. */
export function UserActions({ user }: { readonly user: User }) {
  const { t } = useTranslation('access');
  const { mayEverywhere: may } = useSession();
  const [dialog, setDialog] = useState<'password' | 'remove' | null>(null);
  const path = { id: String(user.id) };
  const disable = (disabled: boolean) => api.PATCH('/api/v1/users/{id}', { params: { path }, body: { disabled } });
  const lock = useChange<boolean>({
    run: disable,
    touches,
    done: (_, disabled) => ({
      text: t(disabled ? 'user.disabledDone' : 'user.enabledDone', { name: user.name }),
      undo: () => disable(!disabled),
    }),
  });
  if (!may('drydock:user:write')) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconKey size={16} />} onClick={() => setDialog('password')}>
        {user.hasPassword ? t('user.changePassword') : t('user.setPassword')}
      </Button>
      <Button
        variant="default"
        leftSection={user.disabled ? <IconLockOpen size={16} /> : <IconLock size={16} />}
        loading={lock.isPending}
        onClick={() => lock.mutate(!user.disabled)}
      >
        {user.disabled ? t('user.enable') : t('user.disable')}
      </Button>
      <Button variant="light" color="red" leftSection={<IconTrash size={16} />} onClick={() => setDialog('remove')}>
        {t('user.remove')}
      </Button>
      <PasswordDialog user={user} opened={dialog === 'password'} close={() => setDialog(null)} />
      <RemoveDialog user={user} opened={dialog === 'remove'} close={() => setDialog(null)} />
    </>
  );
}

interface DialogProps {
  readonly user: User;
  readonly opened: boolean;
  readonly close: () => void;
}

function PasswordDialog({ user, opened, close }: DialogProps) {
  const { t } = useTranslation('access');
  const [password, setPassword] = useState('');
  const [drop, setDrop] = useState(false);
  const leave = (): void => {
    setPassword('');
    setDrop(false);
    change.reset();
    close();
  };
  const change = useChange({
    run: () =>
      api.PATCH('/api/v1/users/{id}', {
        params: { path: { id: String(user.id) } },
        body: { password: drop ? null : password },
      }),
    touches,
    quiet: true,
    done: () => ({ text: t(drop ? 'user.passwordDropped' : 'user.passwordChanged', { name: user.name }) }),
    after: leave,
  });
  return (
    <FormDialog
      title={t('user.passwordOf', { name: user.name })}
      opened={opened}
      onClose={leave}
      onSubmit={() => change.mutate()}
      submit={user.hasPassword ? t('user.changePassword') : t('user.setPassword')}
      pending={change.isPending}
      error={change.error}
      disabled={!drop && password.length < shortestPassword}
    >
      <PasswordInput
        data-autofocus
        label={t('user.password')}
        description={t('user.newPasswordHint')}
        value={password}
        maxLength={1000}
        disabled={drop}
        autoComplete="new-password"
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <div>
        <Button variant="subtle" size="compact-xs" disabled={drop} onClick={() => setPassword(makePassword())}>
          {t('user.generate')}
        </Button>
        {password !== '' && <CopyButton text={password} />}
      </div>
      {user.hasPassword && (
        <Checkbox
          label={t('user.dropPassword')}
          checked={drop}
          onChange={(event) => setDrop(event.currentTarget.checked)}
        />
      )}
    </FormDialog>
  );
}

function RemoveDialog({ user, opened, close }: DialogProps) {
  const { t } = useTranslation('access');
  const go = useGo();
  const remove = useChange({
    run: () => api.DELETE('/api/v1/users/{id}', { params: { path: { id: String(user.id) } } }),
    touches: [],
    quiet: true,
    done: () => ({ text: t('user.removed', { name: user.name }) }),
    after: () => {
      close();
      go('/access');
      // This page is on its way out: it must not ask for what is gone.
      queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/users'] });
    },
  });
  return (
    <FormDialog
      title={t('user.removeTitle', { name: user.name })}
      opened={opened}
      onClose={close}
      onSubmit={() => remove.mutate()}
      submit={t('user.remove')}
      pending={remove.isPending}
      error={remove.error}
      danger
    >
      <p className={classes.hint}>{t('user.removeText')}</p>
    </FormDialog>
  );
}
