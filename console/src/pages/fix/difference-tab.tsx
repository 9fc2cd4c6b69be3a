import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Schema } from '../../api/client.ts';
import { download } from '../../components/export/download.ts';
import { ExportButton } from '../../components/export/export-button.tsx';
import { VersionStep } from '../../components/fix/version-step.tsx';
import { Facts, Panel } from '../../components/page/page.tsx';
import { Bytes, Count } from '../../components/show/values.tsx';
import classes from './difference.module.css';
import { DifferenceCounts } from './difference-counts.tsx';
import { DifferenceFindings } from './difference-findings.tsx';

interface DifferenceTabProps {
  readonly fix: Schema<'Fix'>;
  readonly difference: Schema<'FixDifference'>;
}

/** What is different between the image and what the fix made of it. */
export function DifferenceTab({ fix, difference }: DifferenceTabProps) {
  const { t } = useTranslation('fixes');
  const { before, after, layers, config, packages, vulnerabilities, counts } = difference;
  const shown = fix.newImageUuid ?? fix.imageUuid;
  return (
    <>
      <Panel
        title={t('one.diff.severity')}
        aside={
          <>
            <ExportButton
              subject="findings"
              filter={`uuid:${shown}`}
              label={fix.newImageUuid === null ? t('one.findingsBefore') : t('one.findingsAfter')}
            />
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconDownload size={15} />}
              onClick={() => download(`/api/v1/fixes/${encodeURIComponent(fix.id)}/difference?download=true`)}
            >
              {t('one.diff.download')}
            </Button>
          </>
        }
      >
        <DifferenceCounts before={counts.before} after={counts.after} />
        {after === null ? (
          <p className={classes.quiet}>{t('one.diff.noResult')}</p>
        ) : (
          <div className={classes.facts}>
            <Facts
              items={[
                [
                  t('one.diff.size'),
                  <span key="s">
                    <Bytes value={before.size} /> → <Bytes value={after.size} />
                    {before.size !== null && after.size !== null && <Growth by={after.size - before.size} />}
                  </span>,
                ],
                layers === null
                  ? null
                  : [
                      t('one.diff.layers'),
                      t('one.diff.layersText', {
                        kept: layers.kept,
                        added: layers.added.length,
                        removed: layers.removed.length,
                      }),
                    ],
                [t('one.diff.config'), <Config key="c" config={config} />],
              ]}
            />
          </div>
        )}
      </Panel>
      <Panel title={t('one.diff.packages')} aside={<Count value={packages.length} />}>
        {packages.length === 0 ? (
          <p className={classes.quiet}>{t('one.diff.packagesNone')}</p>
        ) : (
          <ul className={classes.packages}>
            {packages.map(({ name, from, to }) => (
              <li key={`${name} ${from} ${to}`}>
                <VersionStep name={name} from={from} to={to} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {after !== null && <DifferenceFindings vulnerabilities={vulnerabilities} />}
    </>
  );
}

function Growth({ by }: { readonly by: number }) {
  return (
    <span className={classes.growth}>
      {by < 0 ? '−' : '+'}
      <Bytes value={Math.abs(by)} />
    </span>
  );
}

function Config({ config }: { readonly config: Schema<'FixDifference'>['config'] }) {
  const { t } = useTranslation('fixes');
  if (config === null) return t('one.diff.configUnknown');
  return config.changed.length === 0 ? t('one.diff.configSame') : <bdi>{config.changed.join(', ')}</bdi>;
}
