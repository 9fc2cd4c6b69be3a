import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useUrlState } from '../../app/url-state.ts';
import { OutcomeIcon, outcomeOrder, useOutcomeLabel } from '../../components/fix/outcome.tsx';
import { OutcomeGroups } from '../../components/fix/outcome-groups.tsx';
import type { OutcomeRow } from '../../components/fix/outcome-rows.ts';
import { Panel } from '../../components/page/page.tsx';
import { Count } from '../../components/show/values.tsx';
import classes from './outcomes-tab.module.css';
import type { FixFacts } from './use-fix.ts';

interface OutcomesTabProps {
  readonly counts: FixFacts['counts'];
  readonly rows: readonly OutcomeRow[];
}

/** Every requested vulnerability with its one outcome, narrowed by outcome in the address. */
export function OutcomesTab({ rows, counts }: OutcomesTabProps) {
  const { t } = useTranslation('fixes');
  const label = useOutcomeLabel();
  const [chosen, setChosen] = useUrlState('outcome');
  const present = outcomeOrder.filter((outcome) => counts.has(outcome));
  const active = present.find((outcome) => outcome === chosen);
  const shown = active === undefined ? rows : rows.filter(({ outcome }) => outcome === active);
  return (
    <>
      {present.length > 1 && (
        <div className={classes.chips} role="group" aria-label={t('one.outcomeFilter')}>
          <UnstyledButton
            className={classes.chip}
            aria-pressed={active === undefined}
            onClick={() => setChosen('', { push: true })}
          >
            {t('one.all')} <Count value={rows.length} />
          </UnstyledButton>
          {present.map((outcome) => (
            <UnstyledButton
              key={outcome}
              className={classes.chip}
              aria-pressed={outcome === active}
              onClick={() => setChosen(outcome === active ? '' : outcome, { push: true })}
            >
              <OutcomeIcon outcome={outcome} size={15} />
              {label(outcome)} <Count value={counts.get(outcome) ?? 0} />
            </UnstyledButton>
          ))}
        </div>
      )}
      <div data-testid="outcomes" data-total={rows.length}>
        <Panel flush>
          <OutcomeGroups rows={shown} />
        </Panel>
      </div>
    </>
  );
}
