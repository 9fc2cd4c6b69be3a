import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { Link } from '../../app/link.tsx';
import { useFormat } from '../../i18n/format.ts';
import { readVisits, visited } from './last-visit.ts';
import classes from './overview.module.css';

const stored = 'drydock-visits';
/** Vulnerabilities that are looked at: the newest first, so that more than these is "or more". */
const looked = 100;

function visit(userId: number): number | null {
  const key = `${stored}-${userId}`;
  const now = visited(readVisits(localStorage.getItem(key)), Date.now());
  localStorage.setItem(key, JSON.stringify(now));
  return now.since;
}

/** What came since the last visit of this browser: images by their tag, vulnerabilities by when they were first seen. */
export function News() {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const { may, me } = useSession();
  const [since] = useState(() => visit(me.userId));
  const filter = `image.updated>=${since === null ? '' : new Date(since).toISOString()}`;
  const images = $api.useQuery(
    'get',
    '/api/v1/images',
    { params: { query: { q: filter, limit: '1' } } },
    { enabled: since !== null },
  );
  const vulns = $api.useQuery(
    'get',
    '/api/v1/vulnerabilities',
    { params: { query: { sort: 'firstSeen', descending: 'true', limit: String(looked) } } },
    { enabled: since !== null && may('drydock:finding:read') },
  );
  if (since === null) return <span className={classes.news}>{t('news.first')}</span>;
  const time = format.relative(since);
  const found = vulns.data?.items ?? [];
  const newVulns = found.filter(({ firstSeen }) => Date.parse(firstSeen) > since).length;
  const newImages = images.data?.total ?? 0;
  if (images.isPending) return <span className={classes.news}>{t('subtitle')}</span>;
  if (newImages === 0 && newVulns === 0) return <span className={classes.news}>{t('news.nothing', { time })}</span>;
  return (
    <span className={classes.news}>
      <span>{t('news.since', { time })}</span>
      {newImages > 0 && (
        <Link to="/images" search={{ q: filter, sort: 'updated' }}>
          {t('news.images', { count: newImages })}
        </Link>
      )}
      {newImages > 0 && newVulns > 0 && <span aria-hidden="true">·</span>}
      {newVulns > 0 && (
        <Link to="/vulns" search={{ sort: 'firstSeen', dir: 'desc' }}>
          {newVulns === looked ? t('news.vulnsAtLeast', { count: newVulns }) : t('news.vulns', { count: newVulns })}
        </Link>
      )}
    </span>
  );
}
