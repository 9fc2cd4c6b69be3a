import { useTranslation } from 'react-i18next';
import type { Schema } from '../../../api/client.ts';
import { DetailBadges } from '../../../components/drawer/detail-drawer.tsx';
import { SeverityBadge } from '../../../components/show/severity.tsx';
import { CopyButton, Digest } from '../../../components/show/values.tsx';
import { useKnown } from '../../../i18n/known.ts';
import classes from './finding-drawer.module.css';

type Package = Schema<'Finding'>['packages'][number];

/** A package that a vulnerability is in: versions, why it matched, where it lies. */
export function FindingPackage({ pkg }: { readonly pkg: Package }) {
  const { t } = useTranslation('image');
  const known = useKnown('image');
  return (
    <div className={classes.package}>
      <DetailBadges>
        <bdi className={classes.packageName}>{pkg.name}</bdi>
        <SeverityBadge level={pkg.severity} />
        <span>{known('state', pkg.state)}</span>
      </DetailBadges>
      <dl className={classes.facts}>
        <dt>{t('drawer.installed')}</dt>
        <dd>
          <bdi>{pkg.version}</bdi>
        </dd>
        <dt>{t('drawer.fixedIn')}</dt>
        <dd>
          {pkg.fixedVersion === null ? t('drawer.noFix') : <bdi className={classes.fixed}>{pkg.fixedVersion}</bdi>}
        </dd>
        {pkg.sourceName !== null && pkg.sourceName !== pkg.name && (
          <>
            <dt>{t('drawer.source')}</dt>
            <dd>
              <bdi>
                {pkg.sourceName} {pkg.sourceVersion}
              </bdi>
            </dd>
          </>
        )}
        {pkg.range !== null && (
          <>
            <dt>{t('drawer.match')}</dt>
            <dd>
              <code>
                <bdi>{pkg.range}</bdi>
              </code>
            </dd>
          </>
        )}
        {pkg.paths.length > 0 && (
          <>
            <dt>{t('column.path')}</dt>
            <dd>
              {pkg.paths.map((path) => (
                <div key={path}>
                  <code>
                    <bdi>{path}</bdi>
                  </code>
                </div>
              ))}
            </dd>
          </>
        )}
        {pkg.layers.length > 0 && (
          <>
            <dt>{t('column.layer')}</dt>
            <dd>
              {pkg.layers.map((layer) => (
                <div key={layer}>
                  <Digest value={layer} />
                </div>
              ))}
            </dd>
          </>
        )}
        <dt>{t('drawer.purl')}</dt>
        <dd>
          <code>
            <bdi>{pkg.purl}</bdi>
          </code>
          <CopyButton text={pkg.purl} />
        </dd>
      </dl>
    </div>
  );
}
