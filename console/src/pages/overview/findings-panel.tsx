import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from '../../app/link.tsx';
import { TrendChart } from '../../components/chart/trend-chart.tsx';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Panel } from '../../components/page/page.tsx';
import { SeverityBar, severities } from '../../components/show/severity.tsx';
import { useFormat } from '../../i18n/format.ts';
import classes from './findings.module.css';
import { trend } from './questions.ts';
import { Skeleton } from './skeleton.tsx';

/** Open findings by severity, how they developed, and which share can be fixed. */
export function FindingsPanel() {
  const { t } = useTranslation(['overview', 'common']);
  const format = useFormat();
  const { data, error, refetch } = useQuery(trend);
  const points = data?.items;
  const today = points?.at(-1);
  const body = () => {
    if (points === undefined && error !== null) return <ErrorState error={error} retry={() => void refetch()} />;
    if (points === undefined || today === undefined) return <Skeleton height="19rem" />;
    return (
      <>
        <ul className={classes.severities}>
          {severities.map((name) => (
            <li key={name}>
              <Link to="/images" search={{ q: `severity:${name} handled:false` }} className={classes.severity}>
                <span className={classes.number} data-tone={name} data-zero={today[name] === 0 || undefined}>
                  {format.number(today[name])}
                </span>
                <span className={classes.label} data-tone={name}>
                  {t(`common:severity.${name}`)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
        {points.length < 2 ? (
          <div className={classes.young}>
            <SeverityBar counts={today} />
            <p className={classes.hint}>{t('findings.young')}</p>
          </div>
        ) : (
          <TrendChart title={t('findings.trend')} points={points} />
        )}
        <dl className={classes.shares}>
          <Share
            value={format.percent(today.total === 0 ? 0 : today.fixable / today.total)}
            label={t('findings.fixable')}
            detail={t('findings.fixableOf', { fixable: today.fixable, total: today.total })}
          />
          <Share
            value={format.percent(today.images === 0 ? 0 : today.imagesAtRisk / today.images)}
            label={t('findings.risk')}
            detail={t('findings.riskOf', { risk: today.imagesAtRisk, images: today.images })}
          />
          <Share value={format.number(today.kev)} label={t('findings.kev')} />
        </dl>
      </>
    );
  };
  return (
    <Panel title={t('findings.title')} {...((points?.length ?? 0) < 2 ? {} : { aside: t('findings.days') })}>
      {body()}
    </Panel>
  );
}

function Share({ value, label, detail }: { readonly value: string; readonly label: string; readonly detail?: string }) {
  return (
    <div className={classes.share}>
      <dt>{label}</dt>
      <dd>
        <span className={classes.shareValue}>{value}</span>
        {detail !== undefined && <span className={classes.hint}>{detail}</span>}
      </dd>
    </div>
  );
}
