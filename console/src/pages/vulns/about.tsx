import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { Facts, Panel } from '../../components/page/page.tsx';
import { SeverityBadge } from '../../components/show/severity.tsx';
import { Time } from '../../components/show/values.tsx';
import { CvssWords } from './cvss-words.tsx';
import { Epss, Exploited, Score } from './scores.tsx';
import classes from './vulns.module.css';

interface AboutProps {
  readonly vulnerability: Schema<'VulnerabilityDetail'>;
  /** What the estate has of it, by release. */
  readonly releases: readonly Schema<'Vulnerability'>[];
}

const earliest = (times: readonly string[]): string | undefined => [...times].sort()[0];

/** Scores, description, names and history of a vulnerability. */
export function About({ vulnerability, releases }: AboutProps) {
  const { t } = useTranslation(['vulns', 'common']);
  const { severity, cvss, vector, epss, kev, priority, publishedAt, description, aliases, advisories } = vulnerability;
  const links = vulnerability.links.filter((link) => /^https?:\/\//i.test(link));
  const firstSeen = earliest(releases.map((release) => release.firstSeen));
  const lastSeen = earliest(
    releases
      .map((release) => release.lastSeen)
      .sort((a, b) => b.localeCompare(a))
      .slice(0, 1),
  );
  const fixable = releases.length > 0 ? releases.some((release) => release.fixable) : vulnerability.fixable;
  const unknown = <span className={classes.quiet}>{t('common:unknown')}</span>;
  const names = [...new Set([...aliases, ...advisories])].filter((name) => name !== vulnerability.id);
  return (
    <div className={classes.about}>
      <Panel title={t('scores')}>
        <Facts
          items={[
            [t('column.severity'), <SeverityBadge key="severity" level={severity} />],
            [t('column.cvss'), cvss === null ? unknown : <Score key="cvss" value={cvss} />],
            [t('epssLong'), epss === null ? unknown : <Epss key="epss" value={epss} />],
            [t('facet.kev'), kev ? <Exploited key="kev" is /> : t('notExploited')],
            [t('column.priority'), t(`priority.${priority}`)],
            [t('facet.fixable'), fixable ? t('common:yes') : t('common:no')],
          ]}
        />
        {vector !== null && vector !== '' && (
          <>
            <h3 className={classes.subhead}>{t('cvss.title')}</h3>
            <CvssWords vector={vector} />
          </>
        )}
      </Panel>
      <Panel title={t('about')}>
        <p className={description === null ? classes.none : classes.description}>
          {description === null ? t('noDescription') : <bdi>{description}</bdi>}
        </p>
        <Facts
          items={[
            [t('published'), publishedAt === null ? unknown : <Time key="published" at={publishedAt} exact />],
            [t('column.firstSeen'), firstSeen === undefined ? t('notHere') : <Time key="first" at={firstSeen} exact />],
            lastSeen === undefined ? null : [t('column.lastSeen'), <Time key="last" at={lastSeen} exact />],
            [t('column.aliases'), names.length === 0 ? t('common:none') : <bdi key="names">{names.join(', ')}</bdi>],
          ]}
        />
        {links.length > 0 && (
          <>
            <h3 className={classes.subhead}>{t('links')}</h3>
            <ul className={classes.links}>
              {links.map((link) => (
                <li key={link}>
                  <a href={link} target="_blank" rel="noreferrer">
                    <bdi>{link}</bdi>
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
      </Panel>
    </div>
  );
}

/** The same, before it is there. */
export function AboutSkeleton() {
  return (
    <div className={classes.about} aria-hidden="true">
      <div className={classes.ghost} />
      <div className={classes.ghost} />
    </div>
  );
}
