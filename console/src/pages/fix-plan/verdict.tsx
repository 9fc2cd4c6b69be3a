import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { useUrlState } from '../../app/url-state.ts';
import { useReasonText } from '../../components/fix/outcome.tsx';
import { SeverityCounts, severities } from '../../components/show/severity.tsx';
import classes from './verdict.module.css';

type Result = Schema<'FixPlanResult'>;

/** What the plan comes to, in one sentence. */
export function Verdict({ result }: { readonly result: Result }) {
  const { t } = useTranslation('plan');
  const words = useReasonText();
  const [, setStrategy] = useUrlState('strategy');
  const { verdict, totals, upgrades } = result;
  const nothing = !verdict.builds && verdict.code === 'nothing_to_do';
  const refused = !verdict.builds && !nothing;
  const headline = t('headline', { count: upgrades.length, fixed: totals.fixed, requested: totals.requested });
  const rest = [
    ...(totals.open > 0 ? [t('restOpen', { count: totals.open })] : []),
    ...(totals.notAffected > 0 ? [t('restNotAffected', { count: totals.notAffected })] : []),
  ];
  const why = refused ? words({ code: verdict.code ?? '', message: verdict.message }) : null;
  const tone = refused ? 'warn' : nothing ? 'calm' : 'good';
  const Sign = tone === 'good' ? IconCheck : tone === 'calm' ? IconMinus : IconAlertTriangle;
  return (
    <section className={classes.verdict} data-tone={tone} data-testid="verdict">
      <span className={classes.sign} aria-hidden="true">
        <Sign size={24} stroke={2.2} />
      </span>
      <div className={classes.words}>
        <h2 className={classes.headline}>
          {refused ? t('headlineRefused') : nothing ? t('headlineNothing') : headline}
        </h2>
        <p className={classes.sub}>
          {why !== null ? why.text : nothing ? t('nothingHint') : rest.length === 0 ? t('all') : rest.join(' ')}
        </p>
        {refused && verdict.code === 'all_or_nothing_unmet' && totals.fixed > 0 && (
          <Button variant="light" size="compact-sm" onClick={() => setStrategy('best-effort', { push: true })}>
            {t('bestEffortInstead')}
          </Button>
        )}
        {!nothing && !refused && (
          <span className={classes.counts}>
            <SeverityCounts counts={fixedBySeverity(result)} />
            {totals.open > 0 && (
              <Button variant="subtle" size="compact-xs" onClick={showOpen}>
                {t('seeOpen')}
              </Button>
            )}
          </span>
        )}
      </div>
    </section>
  );
}

function showOpen(): void {
  document.getElementById('open')?.scrollIntoView({ behavior: 'smooth', block: 'start' });
}

function fixedBySeverity({ outcomes }: Result): Readonly<Record<string, number>> {
  const fixed = outcomes.filter(({ outcome }) => outcome === 'fixed');
  const known = severities.filter((name) => name !== 'unknown');
  const counts = known.map((name) => [name, fixed.filter(({ severity }) => severity === name).length] as const);
  const counted = counts.reduce((sum, [, count]) => sum + count, 0);
  return { ...Object.fromEntries(counts), unknown: fixed.length - counted };
}
