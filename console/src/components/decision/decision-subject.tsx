import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Link } from '../../app/link.tsx';
import { Clip } from '../show/values.tsx';
import classes from './decision.module.css';

type Decision = Schema<'Decision'>;

/** Whether a decision is about vulnerabilities. */
export function isOfVulnerabilities({ kind }: Pick<Decision, 'kind'>): boolean {
  return kind === 'ignore' || kind === 'whitelist' || kind === 'vex';
}

/** What a decision is about: the first of its ids, and how many more. */
export function DecisionSubject({ decision }: { readonly decision: Decision }) {
  const { t } = useTranslation('ignores');
  const { vulnerabilities } = decision;
  const [first] = vulnerabilities;
  if (first === undefined) {
    return (
      <span className={classes.subject}>
        {isOfVulnerabilities(decision) ? t('everyVulnerability') : t('everyFinding')}
      </span>
    );
  }
  return (
    <span className={classes.subject} title={vulnerabilities.slice(0, 50).join(', ')}>
      {isOfVulnerabilities(decision) ? (
        <Link to={`/vulns/${encodeURIComponent(first)}`}>
          <Clip text={first} />
        </Link>
      ) : (
        <Clip text={first} />
      )}
      {vulnerabilities.length > 1 && (
        <span className={classes.more}>{t('andMore', { count: vulnerabilities.length - 1 })}</span>
      )}
    </span>
  );
}
