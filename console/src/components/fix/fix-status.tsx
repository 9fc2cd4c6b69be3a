import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Status, type StatusTone } from '../show/status.tsx';

/** Status of a fix task. */
export type FixStatusName = Schema<'Fix'>['status'];

/** Statuses in the order they are shown. */
export const fixStatuses = ['running', 'success', 'partial', 'failed', 'cancelled'] as const;

/** How each status looks. */
export const fixTones: Readonly<Record<FixStatusName, StatusTone>> = {
  running: 'busy',
  success: 'good',
  partial: 'warn',
  failed: 'bad',
  cancelled: 'quiet',
};

/** The status of a fix as a dot and words. */
export function FixStatus({ status }: { readonly status: FixStatusName }) {
  const { t } = useTranslation('fixes');
  return <Status tone={fixTones[status]} label={t(`status.${status}`)} />;
}
