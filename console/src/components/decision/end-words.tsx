import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Time } from '../show/values.tsx';
import classes from './decision.module.css';

type Decision = Schema<'Decision'>;

const soonMs = 14 * 86_400_000;

/** Whether a decision ends within two weeks. */
function endsSoon({ expiresAt }: Pick<Decision, 'expiresAt'>, now = Date.now()): boolean {
  return expiresAt !== null && new Date(expiresAt).getTime() - now < soonMs;
}

/** When a decision ends. */
export function EndWords({ decision }: { readonly decision: Pick<Decision, 'expiresAt' | 'expiresWhen'> }) {
  const { t } = useTranslation('ignores');
  const { expiresAt, expiresWhen } = decision;
  if (expiresAt === null) {
    return <span className={expiresWhen === 'none' ? classes.quiet : ''}>{t(`until.${expiresWhen}`)}</span>;
  }
  return (
    <span className={endsSoon(decision) ? classes.soon : ''}>
      <Time at={expiresAt} />
      {expiresWhen === 'any_fix' && ` ${t('until.orFix')}`}
    </span>
  );
}
