import { Button, Modal } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { saveText } from '../../components/export/save-text.ts';
import { FormButtons } from '../../components/feedback/form-parts.tsx';
import { CopyButton } from '../../components/show/values.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './access.module.css';

/** What is shown once: parts with their names in files of settings. */
export interface Secret {
  readonly file: string;
  readonly parts: readonly {
    readonly label: 'accessKeyId' | 'secret' | 'securityToken' | 'token' | 'password';
    readonly variable: string;
    readonly value: string;
  }[];
  readonly until: string | null;
}

/** Shows a secret the only time there is, with ways to keep it. A click beside it does not close it. */
export function SecretDialog({ secret, close }: { readonly secret: Secret | null; readonly close: () => void }) {
  const { t } = useTranslation(['access', 'common']);
  const format = useFormat();
  const file = (secret?.parts ?? []).map(({ variable, value }) => `${variable}=${value}\n`).join('');
  return (
    <Modal
      opened={secret !== null}
      onClose={close}
      title={t('secret.title')}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <div className={classes.secret}>
        <p className={classes.hint}>
          {t('secret.hint')} {secret?.until == null ? '' : t('secret.until', { time: format.dateTime(secret.until) })}
        </p>
        {(secret?.parts ?? []).map(({ label, value }) => (
          <div key={label}>
            <div className={classes.secretLabel}>{t(`secret.${label}`)}</div>
            <div className={classes.secretValue}>
              <span>{value}</span>
              <CopyButton text={value} label={`${t('common:copy')}: ${t(`secret.${label}`)}`} />
            </div>
          </div>
        ))}
        <FormButtons>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            onClick={() => saveText(secret?.file ?? 'secret.env', file)}
          >
            {t('secret.download')}
          </Button>
          <Button data-autofocus onClick={close}>
            {t('secret.done')}
          </Button>
        </FormButtons>
      </div>
    </Modal>
  );
}
