import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Elapsed } from '../../components/fix/elapsed.tsx';
import type { FixStep, StepInfo } from '../../components/fix/steps.ts';
import { Time } from '../../components/show/values.tsx';
import classes from './timeline.module.css';

interface TimelineProps {
  readonly steps: readonly StepInfo[];
  /** What each step brought, in a few words. */
  readonly facts: Readonly<Partial<Record<FixStep, ReactNode>>>;
}

/** The stages of a fix with their durations, live. */
export function Timeline({ steps, facts }: TimelineProps) {
  const { t } = useTranslation('fixes');
  return (
    <ol className={classes.timeline} aria-label={t('one.timeline')}>
      {steps.map(({ step, state, from, to }) => (
        <li
          key={step}
          className={classes.step}
          data-state={state}
          data-step={step}
          aria-current={state === 'active' ? 'step' : undefined}
        >
          <span className={classes.mark} aria-hidden="true">
            {state === 'done' && <IconCheck size={14} stroke={2.6} />}
            {(state === 'failed' || state === 'cancelled') && <IconX size={14} stroke={2.6} />}
            {state === 'unneeded' && <IconMinus size={14} stroke={2.4} />}
          </span>
          <span className={classes.name}>{t(`step.${step}`)}</span>
          <span className={classes.time}>
            {timeOf({ step, state, from, to }) ?? t(`stepState.${state}`)}
            <span className="sr-only"> {t(`stepState.${state}`)}</span>
          </span>
          <span className={classes.fact}>{facts[step]}</span>
        </li>
      ))}
    </ol>
  );
}

/** The last step is a moment, the others take time. */
function timeOf({ step, state, from, to }: StepInfo): ReactNode {
  if (from === null || state === 'unneeded' || state === 'missed' || state === 'waiting') return null;
  if (step === 'promote') return <Time at={new Date(from).toISOString()} />;
  return state === 'active' || to !== null ? <Elapsed from={from} to={to} /> : null;
}
