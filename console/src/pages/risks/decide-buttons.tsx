import { Button } from '@mantine/core';
import { IconGavel, IconRotate } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RiskStatus } from './risk-kinds.ts';

interface DecideButtonsProps {
  /** How the selected stand now. */
  readonly statuses: readonly RiskStatus[];
  readonly busy: boolean;
  readonly decide: () => void;
  readonly reopen: () => void;
  readonly size?: 'compact-sm' | 'sm';
}

/** Decides on findings, or opens again those that are decided. */
export function DecideButtons({ statuses, busy, decide, reopen, size = 'compact-sm' }: DecideButtonsProps) {
  const { t } = useTranslation('risks');
  return (
    <>
      {statuses.some((status) => status !== 'open') && (
        <Button size={size} variant="default" leftSection={<IconRotate size={15} />} loading={busy} onClick={reopen}>
          {t('reopen')}
        </Button>
      )}
      <Button size={size} variant="light" leftSection={<IconGavel size={15} />} loading={busy} onClick={decide}>
        {t('decide')}
      </Button>
    </>
  );
}
