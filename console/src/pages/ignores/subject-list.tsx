import { useTranslation } from 'react-i18next';
import { Link } from '../../app/link.tsx';
import classes from './ignores.module.css';

const shown = 200;

interface SubjectListProps {
  readonly ids: readonly string[];
  readonly ofVulnerabilities: boolean;
}

/** Everything that a decision names. */
export function SubjectList({ ids, ofVulnerabilities }: SubjectListProps) {
  const { t } = useTranslation('ignores');
  if (ids.length === 0)
    return <p className={classes.note}>{t(ofVulnerabilities ? 'everyVulnerability' : 'everyFinding')}</p>;
  return (
    <section>
      <h3 className={classes.subhead}>{t('names', { count: ids.length })}</h3>
      <ul className={classes.names}>
        {ids.slice(0, shown).map((id) => (
          <li key={id}>
            {ofVulnerabilities ? (
              <Link to={`/vulns/${encodeURIComponent(id)}`}>
                <bdi>{id}</bdi>
              </Link>
            ) : (
              <bdi>{id}</bdi>
            )}
          </li>
        ))}
        {ids.length > shown && <li>{t('dialog.moreIds', { count: ids.length - shown })}</li>}
      </ul>
    </section>
  );
}
