import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from '../../app/link.tsx';
import { Panel } from '../../components/page/page.tsx';
import classes from './explorer.module.css';
import { canSign } from './signing/primitives.ts';

/** What calls of the dialects are signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly securityToken: string;
}

/** Before anything was typed. */
export const noCredentials: Credentials = { accessKeyId: '', secret: '', securityToken: '' };

/** What a tab of a dialect gets. */
export interface DialectProps {
  readonly credentials: Credentials;
  readonly onCredentials: (credentials: Credentials) => void;
}

/** Takes an access key, for this page only. */
export function CredentialsForm({ credentials, onCredentials }: DialectProps) {
  const { t } = useTranslation('explorer');
  const change = (part: Partial<Credentials>): void => onCredentials({ ...credentials, ...part });
  return (
    <Panel
      title={t('credentials.title')}
      aside={
        <>
          <Link to="/access" search={{ tab: 'keys' }}>
            {t('credentials.where')}
          </Link>
          <Button variant="subtle" size="compact-xs" onClick={() => onCredentials(noCredentials)}>
            {t('credentials.forget')}
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <p className={classes.hint}>{t('credentials.hint')}</p>
        {!canSign() && <p className={classes.warn}>{t('insecure')}</p>}
        <div className={classes.fields}>
          <TextInput
            label={t('credentials.accessKeyId')}
            value={credentials.accessKeyId}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change({ accessKeyId: event.currentTarget.value.trim() })}
          />
          <PasswordInput
            label={t('credentials.secret')}
            value={credentials.secret}
            autoComplete="off"
            onChange={(event) => change({ secret: event.currentTarget.value.trim() })}
          />
          <PasswordInput
            label={t('credentials.securityToken')}
            value={credentials.securityToken}
            autoComplete="off"
            onChange={(event) => change({ securityToken: event.currentTarget.value.trim() })}
          />
        </div>
      </div>
    </Panel>
  );
}
