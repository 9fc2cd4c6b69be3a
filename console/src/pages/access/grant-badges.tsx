import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import classes from './access.module.css';
import type { AccessFacts } from './use-access.ts';

interface GrantBadgesProps {
  readonly grants: readonly Schema<'Grant'>[];
  readonly facts: AccessFacts;
}

/** Policies of a user with where they hold. */
export function GrantBadges({ grants, facts }: GrantBadgesProps) {
  const { t } = useTranslation('access');
  if (grants.length === 0) return <span className={classes.quiet}>{t('user.noPolicies')}</span>;
  return (
    <span className={classes.grants}>
      {grants.map(({ policy, projects }) => {
        const where = projects === 'all' ? t('allProjects') : projects.map(facts.projectName).join(', ');
        return (
          <span key={`${policy} ${where}`} className={classes.grant} title={`${policy}: ${where}`}>
            <bdi>{policy}</bdi>
            {projects === 'all'
              ? ''
              : ` · ${projects.length > 2 ? t('projectCount', { count: projects.length }) : where}`}
          </span>
        );
      })}
    </span>
  );
}
