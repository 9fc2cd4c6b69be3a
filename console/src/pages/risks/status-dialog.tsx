import { Button, Modal, Radio, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormButtons } from '../../components/feedback/form-parts.tsx';
import type { RiskStatus } from './risk-kinds.ts';
import classes from './risks.module.css';

const choices = ['whitelisted', 'false_positive', 'handled'] as const;

interface StatusDialogProps {
  readonly opened: boolean;
  readonly close: () => void;
  /** What is decided on, in words. */
  readonly subject: string;
  /** What the decision reaches, where that is more than what was selected. */
  readonly reach?: string | undefined;
  readonly apply: (status: RiskStatus, reason: string) => void;
}

/** Asks how findings are to stand from now on, and why. */
export function StatusDialog({ opened, close, subject, reach, apply }: StatusDialogProps) {
  const { t } = useTranslation(['risks', 'common']);
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={520}
      title={t('dialog.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <StatusForm close={close} subject={subject} reach={reach} apply={apply} />
    </Modal>
  );
}

function StatusForm({ close, subject, reach, apply }: Omit<StatusDialogProps, 'opened'>) {
  const { t } = useTranslation(['risks', 'common']);
  const [status, setStatus] = useState<RiskStatus>('whitelisted');
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const missing = asked && reason.trim() === '';
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (reason.trim() === '') return;
        apply(status, reason.trim());
        close();
      }}
    >
      <p className={classes.subject}>
        <bdi>{subject}</bdi>
      </p>
      <Radio.Group value={status} onChange={(value) => setStatus(value as RiskStatus)} label={t('dialog.status')}>
        <Stack gap={8} mt={6}>
          {choices.map((choice) => (
            <Radio
              key={choice}
              value={choice}
              label={t(`status.${choice}`)}
              description={t(`dialog.${choice}`)}
              size="sm"
            />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        data-autofocus
        label={t('dialog.reason')}
        description={t('dialog.reasonHint')}
        value={reason}
        maxLength={2000}
        autosize
        minRows={2}
        maxRows={6}
        required
        error={missing ? t('dialog.reasonMissing') : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {reach !== undefined && <p className={classes.reach}>{reach}</p>}
      <FormButtons>
        <Button variant="default" onClick={close}>
          {t('common:cancel')}
        </Button>
        <Button type="submit">{t('dialog.submit')}</Button>
      </FormButtons>
    </form>
  );
}
