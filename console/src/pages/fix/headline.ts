import { useTranslation } from 'react-i18next';
import { useReasonText } from '../../components/fix/outcome.tsx';
import type { FixFacts } from './use-fix.ts';

/** How the headline looks. */
export type HeadlineTone = 'busy' | 'good' | 'warn' | 'bad' | 'calm';

/** The state of a fix in one sentence, with one more that says what it means. */
export interface Headline {
  readonly tone: HeadlineTone;
  readonly text: string;
  readonly sub: string;
  /** What the server says of a failure, beside our words. */
  readonly detail: string | null;
}

/** Says how a fix stands; never more than was proven. */
export function useHeadline({ fix, steps, counts, rows }: FixFacts): Headline {
  const { t } = useTranslation('fixes');
  const words = useReasonText();
  const numbers = { fixed: counts.get('fixed') ?? 0, requested: rows.length };
  const { status, reason } = fix;
  const at = steps.find(({ state }) => state === 'active' || state === 'failed' || state === 'cancelled');
  const step = at?.step ?? 'plan';
  if (status === 'running') {
    const text = t('one.headline.running', { doing: t(`stepDoing.${step}`) });
    return { tone: 'busy', text, sub: t('one.sub.running'), detail: null };
  }
  if (status === 'failed' || status === 'cancelled') {
    const why = reason === null ? { text: '', detail: null } : words(reason);
    const text = t(`one.headline.${status}`, { step: t(`step.${step}`) });
    return { tone: status === 'failed' ? 'bad' : 'calm', text, sub: why.text, detail: why.detail };
  }
  if (steps.some(({ state }) => state === 'unneeded')) {
    return { tone: 'calm', text: t('one.headline.nothing', numbers), sub: t('one.sub.nothing'), detail: null };
  }
  const notAffected = counts.get('not_affected') ?? 0;
  if (status === 'partial') {
    const open = numbers.requested - numbers.fixed - notAffected;
    const sub = t('one.sub.partial', { count: open });
    return { tone: 'warn', text: t('one.headline.partial', numbers), sub, detail: null };
  }
  const sub = notAffected === 0 ? t('one.sub.success') : t('one.sub.notAffected', { count: notAffected });
  return { tone: 'good', text: t('one.headline.success', numbers), sub, detail: null };
}
