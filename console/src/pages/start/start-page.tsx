import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { EmptyState } from '../../components/feedback/states.tsx';
import { Page, Panel } from '../../components/page/page.tsx';
import { ChooseStep } from './choose-step.tsx';
import { ConnectStep } from './connect-step.tsx';
import { OtherWays } from './other-ways.tsx';
import { ResultStep } from './result-step.tsx';
import { ScanStep } from './scan-step.tsx';
import classes from './start.module.css';
import { useStart } from './start-state.ts';
import { type Step, steps } from './steps.ts';

const contents: Readonly<Record<Step, () => React.ReactNode>> = {
  connect: () => <ConnectStep />,
  choose: () => <ChooseStep />,
  scan: () => <ScanStep />,
  result: () => <ResultStep />,
};

/** From an empty installation to a first result. */
export function StartPage() {
  const { t } = useTranslation('start');
  const { may } = useSession();
  const { step } = useStart();
  const panel = useRef<HTMLDivElement>(null);
  const before = useRef(step);
  // Another step is another place: readers of screens and the keyboard begin at its top.
  useEffect(() => {
    if (before.current !== step) panel.current?.focus();
    before.current = step;
  }, [step]);
  if (!may('drydock:registry:write')) {
    return (
      <Page title={t('title')}>
        <EmptyState title={t('denied')} action={<Link to="/">{t('skip')}</Link>} />
      </Page>
    );
  }
  return (
    <Page title={t('title')} subtitle={t('subtitle')} actions={<Link to="/images">{t('skip')}</Link>}>
      <div className={classes.wizard}>
        <StepList />
        <div ref={panel} tabIndex={-1} className={classes.step}>
          <Panel title={t(`step.${step}`)}>{contents[step]()}</Panel>
        </div>
      </div>
      {step === 'connect' && <OtherWays />}
    </Page>
  );
}

/** The steps; those that lie behind lead back. */
function StepList() {
  const { t } = useTranslation('start');
  const { step, registry, go } = useStart();
  const now = steps.indexOf(step);
  return (
    <ol className={classes.steps} aria-label={t('steps')}>
      {steps.map((name, index) => {
        const state = index === now ? 'now' : index < now ? 'done' : 'later';
        const inside = (
          <>
            <span className={classes.number} aria-hidden="true">
              {index < now ? '✓' : index + 1}
            </span>
            {t(`step.${name}`)}
          </>
        );
        return (
          <li key={name} aria-current={state === 'now' ? 'step' : undefined}>
            {state === 'done' && registry !== '' ? (
              <button type="button" className={classes.stepName} data-state={state} onClick={() => go({ step: name })}>
                {inside}
              </button>
            ) : (
              <span className={classes.stepName} data-state={state}>
                {inside}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
