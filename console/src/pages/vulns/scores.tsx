import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import classes from './vulns.module.css';

/** A CVSS score; a missing one is shown as missing. */
export function Score({ value }: { readonly value: number | null }) {
  return value === null ? <Missing /> : <span className="num">{value.toFixed(1)}</span>;
}

/** How probable exploitation is within 30 days. */
export function Epss({ value }: { readonly value: number | null }) {
  const format = useFormat();
  return value === null ? <Missing /> : <span className="num">{format.percent(value)}</span>;
}

/** Whether it is known to be exploited. */
export function Exploited({ is }: { readonly is: boolean }) {
  const { t } = useTranslation('vulns');
  return is ? <span className={classes.exploited}>{t('exploited')}</span> : <span className={classes.quiet}>–</span>;
}

function Missing() {
  const { t } = useTranslation();
  return (
    <span className={classes.quiet} title={t('unknown')}>
      –
    </span>
  );
}
