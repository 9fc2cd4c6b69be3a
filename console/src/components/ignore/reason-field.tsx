import { Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** It is empty, and that is said. */
  readonly missing: boolean;
}

/** Asks why something is decided; the form opens with the focus here. */
export function ReasonField({ value, onChange, missing }: ReasonFieldProps) {
  const { t } = useTranslation('ignores');
  return (
    <Textarea
      label={t('dialog.reason')}
      description={t('dialog.reasonHint')}
      required
      autosize
      minRows={2}
      maxRows={6}
      maxLength={2000}
      autoFocus
      data-autofocus
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={missing ? t('dialog.missing') : undefined}
    />
  );
}
