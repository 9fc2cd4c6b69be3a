import { IconAlertTriangle, IconArrowRight, IconCheck, IconLoader2, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { FixStep } from '../../components/fix/steps.ts';
import { SeverityBar } from '../../components/show/severity.tsx';
import { Count, Digest } from '../../components/show/values.tsx';
import { useFormat } from '../../i18n/format.ts';
import { type HeadlineTone, useHeadline } from './headline.ts';
import classes from './hero.module.css';
import { Timeline } from './timeline.tsx';
import type { FixFacts } from './use-fix.ts';

const signs: Readonly<Record<HeadlineTone, typeof IconCheck>> = {
  busy: IconLoader2,
  good: IconCheck,
  warn: IconAlertTriangle,
  bad: IconX,
  calm: IconMinus,
};

/** How a fix stands, in a sentence and as the way it went. */
export function Hero({ facts }: { readonly facts: FixFacts }) {
  const { tone, text, sub, detail } = useHeadline(facts);
  const Sign = signs[tone];
  return (
    <section className={classes.hero} data-tone={tone} data-testid="fix-hero">
      <div className={classes.top}>
        <span className={classes.sign} aria-hidden="true">
          <Sign size={26} stroke={2.2} />
        </span>
        <div className={classes.words} role="status">
          <h2 className={classes.headline}>{text}</h2>
          <p className={classes.sub}>{sub}</p>
          {detail !== null && (
            <p className={classes.detail}>
              <bdi>{detail}</bdi>
            </p>
          )}
        </div>
        <Findings facts={facts} />
      </div>
      <Timeline steps={facts.steps} facts={useStepFacts(facts)} />
    </section>
  );
}

/** Findings of the image before and after. */
function Findings({ facts: { report } }: { readonly facts: FixFacts }) {
  const { t } = useTranslation('fixes');
  if (report?.counts.after == null || report.result === null) return null;
  const { before, after } = report.counts;
  return (
    <div className={classes.findings}>
      {(
        [
          ['before', before],
          ['after', after],
        ] as const
      ).map(([name, counts]) => (
        <div key={name} className={classes.side}>
          <span className={classes.sideName}>{t(`one.findingsAt.${name}`)}</span>
          <span className={classes.number}>
            <Count value={counts.total} />
          </span>
          <SeverityBar counts={counts} />
        </div>
      ))}
      <IconArrowRight size={18} className={classes.arrow} aria-hidden="true" />
    </div>
  );
}

function useStepFacts({ report, fix, counts, rows }: FixFacts): Readonly<Partial<Record<FixStep, React.ReactNode>>> {
  const { t } = useTranslation('fixes');
  const format = useFormat();
  if (report === null) return fix.status === 'running' ? { promote: <bdi>{fix.newTag}</bdi> } : {};
  const { result, upgrades } = report;
  const plan = upgrades.length === 0 ? {} : { plan: t('one.fact.upgrades', { count: upgrades.length }) };
  if (result === null) return plan;
  return {
    ...plan,
    fetch: t('one.fact.packages', { count: upgrades.length }),
    build: t('one.fact.layer', { size: format.bytes(result.layer.size) }),
    push: <Digest value={result.digest} copy={false} />,
    verify: t('one.fact.verified', { fixed: counts.get('fixed') ?? 0, requested: rows.length }),
    promote: <bdi>{fix.newTag}</bdi>,
  };
}
