import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useSetSearch } from '../../app/url-state.ts';
import { OutcomeGroups } from '../../components/fix/outcome-groups.tsx';
import { rowsOf } from '../../components/fix/outcome-rows.ts';
import { Panel } from '../../components/page/page.tsx';
import { Count } from '../../components/show/values.tsx';
import { type LeftOut, remaining } from './choice.ts';
import { OrderPanel } from './order-panel.tsx';
import classes from './plan-view.module.css';
import { Mirrors, Warnings } from './sources.tsx';
import { Unchanged } from './unchanged.tsx';
import { Upgrades } from './upgrades.tsx';
import { Verdict } from './verdict.tsx';

interface PlanViewProps {
  readonly plan: Schema<'FixPlanDetail'>;
  readonly result: Schema<'FixPlanResult'>;
  readonly image: Schema<'Image'> | undefined;
  readonly again: () => void;
  readonly ordering: boolean;
}

const nothing: LeftOut = new Set();

/** A plan that is ready: what would change, what cannot, what stays, and the order. */
export function PlanView({ plan, result, image, again, ordering }: PlanViewProps) {
  const { t } = useTranslation('plan');
  const [leftOut, setLeftOut] = useState<LeftOut>(nothing);
  const open = result.outcomes.filter(({ outcome }) => outcome !== 'fixed');
  return (
    <>
      <Stale plan={plan} again={again} ordering={ordering} />
      <div className={classes.columns}>
        <div className={classes.main}>
          <Verdict result={result} />
          <Narrowed result={result} leftOut={leftOut} restore={() => setLeftOut(nothing)} />
          {result.upgrades.length > 0 && <Upgrades result={result} leftOut={leftOut} onChange={setLeftOut} />}
          {open.length > 0 && (
            <div id="open">
              <Panel title={t('open')} flush aside={<Count value={open.length} />}>
                <OutcomeGroups rows={rowsOf(open)} planned />
              </Panel>
            </div>
          )}
          <Warnings result={result} />
        </div>
        <aside className={classes.side}>
          <OrderPanel plan={plan} result={result} image={image} narrowed={leftOut.size > 0} />
          <Unchanged result={result} />
          <Mirrors result={result} />
        </aside>
      </div>
    </>
  );
}

/** Says that the plan holds no longer, and makes a new one. */
function Stale({ plan, again, ordering }: Pick<PlanViewProps, 'plan' | 'again' | 'ordering'>) {
  const { t } = useTranslation('plan');
  const reasons = [...plan.stale, ...(plan.state === 'expired' ? (['expired'] as const) : [])];
  if (reasons.length === 0) return null;
  return (
    <div className={classes.notice} role="status" data-testid="stale">
      <IconAlertTriangle size={18} aria-hidden="true" />
      <span className={classes.noticeText}>{reasons.map((reason) => t(`stale.${reason}`)).join(' ')}</span>
      <Button size="compact-sm" variant="default" loading={ordering} onClick={again}>
        {t('again')}
      </Button>
    </div>
  );
}

/** What the user took away is planned once more before it can be ordered. */
function Narrowed({
  result,
  leftOut,
  restore,
}: {
  readonly result: Schema<'FixPlanResult'>;
  readonly leftOut: LeftOut;
  readonly restore: () => void;
}) {
  const { t } = useTranslation('plan');
  const setSearch = useSetSearch();
  if (leftOut.size === 0) return null;
  const requested = result.outcomes.map(({ id }) => id);
  // What cannot be fixed would only make "all or nothing" refuse the choice.
  const fixed = result.outcomes.filter(({ outcome }) => outcome === 'fixed').map(({ id }) => id);
  const chosen = remaining(fixed, leftOut);
  return (
    <div className={classes.notice} data-calm role="status">
      <span className={classes.noticeText}>
        <b className="num">{t('narrowed', { count: chosen.length, of: requested.length })}</b> {t('narrowedHint')}
      </span>
      <Button size="compact-sm" variant="subtle" onClick={restore}>
        {t('restore')}
      </Button>
      <Button
        size="compact-sm"
        disabled={chosen.length === 0}
        onClick={() => setSearch({ vulns: chosen.join(','), records: undefined })}
      >
        {t('replanNarrowed')}
      </Button>
    </div>
  );
}
