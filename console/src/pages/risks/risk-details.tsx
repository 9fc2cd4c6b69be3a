import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { DecisionNote, DetailBadges, DetailSection } from '../../components/drawer/detail-drawer.tsx';
import { SeverityBadge } from '../../components/show/severity.tsx';
import { Bytes, CopyButton, Time } from '../../components/show/values.tsx';
import { useText } from '../../i18n/text.ts';
import { EvidenceList } from './evidence-list.tsx';
import { factsOf } from './risk-evidence.ts';
import { RiskStatusLabel } from './risk-status-label.tsx';
import classes from './risks.module.css';

/** One finding: what it means, where it shows, what to do about it, what was decided. */
export function RiskDetails({ hit }: { readonly hit: Schema<'RiskHit'> }) {
  const { t } = useTranslation('risks');
  const text = useText();
  const { level, className, status, decision, counted, firstSeen, lastVerified } = hit;
  const description = text(hit.description);
  const advice = text(hit.advice);
  const { size, ...named } = factsOf(hit);
  const facts = Object.entries(named).filter((entry): entry is [keyof typeof named, string] => entry[1] !== null);
  return (
    <>
      <DetailBadges>
        <SeverityBadge level={level} />
        <span>{text(className)}</span>
        <RiskStatusLabel status={status} />
        {!counted && <span className={classes.quiet}>{t('uncounted')}</span>}
      </DetailBadges>
      {decision !== null && (
        <DecisionNote
          reason={decision.reason}
          by={t('decidedBy', { by: decision.by })}
          until={t('until')}
          end={decision.until}
        />
      )}
      {description !== '' && (
        <DetailSection title={t('description')}>
          <p>{description}</p>
        </DetailSection>
      )}
      {advice !== '' && (
        <DetailSection title={t('advice')}>
          <p>{advice}</p>
        </DetailSection>
      )}
      <EvidenceList hit={hit} />
      <DetailSection title={t('more')}>
        <dl className={classes.facts}>
          {facts.map(([name, value]) => (
            <div key={name} className={classes.fact}>
              <dt>{t(`fact.${name}`)}</dt>
              <dd>
                <code>
                  <bdi>{value}</bdi>
                </code>
                {(name === 'md5' || name === 'sha256') && <CopyButton text={value} />}
              </dd>
            </div>
          ))}
          {size !== null && (
            <div className={classes.fact}>
              <dt>{t('fact.size')}</dt>
              <dd>
                <Bytes value={size} />
              </dd>
            </div>
          )}
          <div className={classes.fact}>
            <dt>{t('column.firstSeen')}</dt>
            <dd>
              <Time at={firstSeen} exact />
            </dd>
          </div>
          <div className={classes.fact}>
            <dt>{t('fact.lastVerified')}</dt>
            <dd>
              <Time at={lastVerified} exact />
            </dd>
          </div>
        </dl>
      </DetailSection>
    </>
  );
}
