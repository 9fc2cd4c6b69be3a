import { useTranslation } from 'react-i18next';
import { Status, type StatusTone } from '../../components/show/status.tsx';
import type { RiskStatus } from './risk-kinds.ts';

const tones: Readonly<Record<RiskStatus, StatusTone>> = {
  open: 'warn',
  verifying: 'busy',
  handled: 'good',
  whitelisted: 'quiet',
  false_positive: 'quiet',
};

/** How a finding stands. */
export function RiskStatusLabel({ status, title }: { readonly status: RiskStatus; readonly title?: string }) {
  const { t } = useTranslation('risks');
  return <Status tone={tones[status]} label={t(`status.${status}`)} {...(title === undefined ? {} : { title })} />;
}
