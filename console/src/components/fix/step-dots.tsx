import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import classes from './step-dots.module.css';
import { fixSteps, stepsOf } from './steps.ts';

const none: ReadonlyMap<string, number> = new Map();

/** How far a fix came, as six dots; in words for readers of screens. */
export function StepDots({ fix }: { readonly fix: Schema<'Fix'> }) {
  const { t } = useTranslation('fixes');
  const ended = fix.status === 'failed' || fix.status === 'cancelled';
  // A task that has ended says no longer at which step it did; its page does.
  const steps = ended ? fixSteps.map((step) => ({ step, state: 'missed' as const })) : stepsOf(fix, none);
  const at = steps.findIndex(({ state }) => state === 'active');
  const index = at < 0 ? steps.length - 1 : at;
  const { step, state } = steps[index] ?? { step: 'plan', state: 'waiting' };
  const words = ended
    ? t(`status.${fix.status}`)
    : t('stepsOf', { at: index + 1, of: steps.length, step: t(`step.${step}`), state: t(`stepState.${state}`) });
  return (
    <span className={classes.dots} role="img" aria-label={words} title={words}>
      {steps.map((one) => (
        <span key={one.step} className={classes.dot} data-state={one.state} />
      ))}
      {fix.status === 'running' && <span className={classes.words}>{t(`step.${step}`)}</span>}
    </span>
  );
}
