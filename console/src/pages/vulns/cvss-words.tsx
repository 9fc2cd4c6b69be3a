import { useTranslation } from 'react-i18next';
import { useKnown } from '../../i18n/known.ts';
import { readCvss } from './cvss.ts';
import classes from './vulns.module.css';

/** A CVSS vector in words: what an attacker needs, and what is lost. */
export function CvssWords({ vector }: { readonly vector: string }) {
  const { t } = useTranslation('vulns');
  const known = useKnown('vulns');
  const read = readCvss(vector);
  if (read === null) return <bdi className="mono">{vector}</bdi>;
  const nameOf = (metric: string): string => t(`cvss.metric.${metric}` as 'cvss.metric.AV');
  return (
    <div className={classes.cvss}>
      <dl className={classes.metrics}>
        {read.metrics.map(({ metric, value, weight }) => (
          <div key={metric} className={classes.metric} data-weight={weight}>
            <dt>{nameOf(metric)}</dt>
            <dd>{known(`cvss.value.${metric}`, value)}</dd>
          </div>
        ))}
      </dl>
      <bdi className={`mono ${classes.vector}`}>{vector}</bdi>
    </div>
  );
}
