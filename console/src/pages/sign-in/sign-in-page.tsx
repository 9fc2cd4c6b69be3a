import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/errors.ts';
import { useGate } from '../../api/session.tsx';
import { useErrorText } from '../../components/feedback/states.tsx';
import classes from './sign-in-page.module.css';

/** Signing in; the address stays, so that a link leads where it should afterwards. */
export function SignInPage() {
  const { t } = useTranslation('shell');
  const { signIn } = useGate();
  const errorText = useErrorText();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    setBusy(true);
    setWrong(null);
    try {
      await signIn(name, password);
    } catch (error) {
      const code = error instanceof ApiError ? error.code : '';
      setWrong(
        code === 'bad_credentials' ? t('signIn.wrong') : code === 'locked' ? t('signIn.locked') : errorText(error),
      );
      setBusy(false);
    }
  };
  return (
    <main className={classes.page}>
      <form
        className={classes.box}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <img src="/favicon.svg" alt="" width={44} height={44} />
        <h1>{t('signIn.title')}</h1>
        <TextInput
          label={t('signIn.name')}
          name="username"
          autoComplete="username"
          autoFocus
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('signIn.password')}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {wrong !== null && (
          <p role="alert" className={classes.wrong}>
            {wrong}
          </p>
        )}
        <Button type="submit" size="md" loading={busy} fullWidth>
          {t('signIn.submit')}
        </Button>
        <p className={classes.hint}>{t('signIn.first')}</p>
      </form>
    </main>
  );
}
