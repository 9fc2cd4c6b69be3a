import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { DetailSection } from '../../components/drawer/detail-drawer.tsx';
import { Digest } from '../../components/show/values.tsx';
import { evidenceOf, evidenceTotal } from './risk-evidence.ts';
import classes from './risks.module.css';

/** Where a finding shows: files, lines, masked excerpts, layers. */
export function EvidenceList({ hit }: { readonly hit: Schema<'RiskHit'> }) {
  const { t } = useTranslation('risks');
  const places = evidenceOf(hit);
  const total = evidenceTotal(hit);
  if (places.length === 0) return null;
  return (
    <DetailSection title={t('evidence', { count: places.length })}>
      <ul className={classes.places}>
        {places.map(({ path, line, excerpt, layer, member, inBase, present }) => (
          <li key={`${path} ${member} ${line} ${layer} ${excerpt}`} className={classes.place}>
            <code className={classes.path}>
              <bdi>{path}</bdi>
              {line !== null && `:${line}`}
            </code>
            {member !== null && (
              <span>
                {t('member')} <code className={classes.path}>{member}</code>
              </span>
            )}
            {excerpt !== null && (
              <pre className={classes.excerpt}>
                <bdi>{excerpt}</bdi>
              </pre>
            )}
            <span className={classes.about}>
              {layer !== null && <Digest value={layer} />}
              {inBase && <span>{t('inBase')}</span>}
              {!present && <span>{t('removed')}</span>}
            </span>
          </li>
        ))}
      </ul>
      {total > places.length && <p className={classes.quiet}>{t('evidenceMore', { count: total - places.length })}</p>}
    </DetailSection>
  );
}
