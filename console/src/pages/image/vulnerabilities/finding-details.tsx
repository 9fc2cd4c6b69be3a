import { useTranslation } from 'react-i18next';
import { $api, type Schema } from '../../../api/client.ts';
import { Link } from '../../../app/link.tsx';
import { DecisionNote, DetailBadges, DetailSection } from '../../../components/drawer/detail-drawer.tsx';
import { SeverityBadge } from '../../../components/show/severity.tsx';
import { Time } from '../../../components/show/values.tsx';
import { useFormat } from '../../../i18n/format.ts';
import columns from './finding-columns.module.css';
import classes from './finding-drawer.module.css';
import { FindingPackage } from './finding-package.tsx';

type Finding = Schema<'Finding'>;

/** One vulnerability in one image: how bad, in which packages, what was decided, where to read on. */
export function FindingDetails({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation('image');
  const format = useFormat();
  const { vulnerability, packages, handled, firstSeen, lastSeen } = finding;
  const { cvss, vector, epss, kev, priority, aliases, key, id } = vulnerability;
  const { data: more } = $api.useQuery('get', '/api/v1/vulnerabilities/{key}', { params: { path: { key } } });
  return (
    <>
      <div>
        <DetailBadges>
          <SeverityBadge level={vulnerability.severity} />
          {kev && <span className={columns.kev}>{t('kev')}</span>}
          <span>{t(`priority.${priority}`)}</span>
          <span className="num" title={vector ?? undefined}>
            {t('column.cvss')} {cvss === null ? t('missing') : cvss.toFixed(1)}
          </span>
          <span className="num">
            {t('column.epss')} {epss === null ? t('missing') : format.percent(epss)}
          </span>
          <Link to={`/vulns/${encodeURIComponent(id)}`}>{t('drawer.everywhere')}</Link>
        </DetailBadges>
        {!vulnerability.title.startsWith(id) && (
          <p className={classes.title}>
            <bdi>{vulnerability.title}</bdi>
          </p>
        )}
      </div>
      {handled !== null && (
        <DecisionNote
          reason={handled.reason}
          by={t('drawer.decidedBy', { by: handled.by })}
          until={t('drawer.until')}
          end={handled.until}
        />
      )}
      {more?.description != null && more.description !== vulnerability.title && (
        <DetailSection title={t('drawer.description')}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <p className={classes.description} tabIndex={0}>
            <bdi>{more.description}</bdi>
          </p>
        </DetailSection>
      )}
      <DetailSection title={t('drawer.packages', { count: packages.length })}>
        {packages.map((pkg) => (
          <FindingPackage key={`${pkg.purl} ${pkg.paths[0]}`} pkg={pkg} />
        ))}
      </DetailSection>
      <DetailSection title={t('drawer.facts')}>
        <dl className={classes.facts}>
          {aliases.length > 0 && (
            <>
              <dt>{t('drawer.aliases')}</dt>
              <dd>{aliases.join(', ')}</dd>
            </>
          )}
          {more?.publishedAt != null && (
            <>
              <dt>{t('drawer.published')}</dt>
              <dd>
                <Time at={more.publishedAt} exact />
              </dd>
            </>
          )}
          <dt>{t('column.firstSeen')}</dt>
          <dd>
            <Time at={firstSeen} exact />
          </dd>
          <dt>{t('drawer.lastSeen')}</dt>
          <dd>
            <Time at={lastSeen} exact />
          </dd>
          {more !== undefined && more.advisories.length > 0 && (
            <>
              <dt>{t('drawer.advisories')}</dt>
              <dd>{more.advisories.join(', ')}</dd>
            </>
          )}
        </dl>
      </DetailSection>
      {more !== undefined && more.links.length > 0 && (
        <DetailSection title={t('drawer.links')}>
          <ul className={classes.list}>
            {more.links
              .filter((link) => /^https?:\/\//i.test(link))
              .map((link) => (
                <li key={link}>
                  <a href={link} target="_blank" rel="noreferrer noopener">
                    <bdi>{link}</bdi>
                  </a>
                </li>
              ))}
          </ul>
        </DetailSection>
      )}
    </>
  );
}
