import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { saveText } from '../../components/export/save-text.ts';
import { EmptyState } from '../../components/feedback/states.tsx';
import type { FixReport } from '../../components/fix/report.ts';
import { VersionStep } from '../../components/fix/version-step.tsx';
import { Facts, Panel } from '../../components/page/page.tsx';
import { Clip, Count, Digest } from '../../components/show/values.tsx';
import { DigestChain } from './digest-chain.tsx';
import classes from './proof-tab.module.css';
import type { FixFacts } from './use-fix.ts';

/** What proves the fix: the chain of digests, what the rescan found, what is attached to the result, where packages come from. */
export function ProofTab({ facts }: { readonly facts: FixFacts }) {
  const { t } = useTranslation('fixes');
  const { fix, report } = facts;
  if (report === null) {
    return (
      <Panel>
        <EmptyState
          title={t('one.noReport')}
          hint={fix.status === 'running' ? t('one.noReportHint') : t('one.noReportEnded')}
        />
      </Panel>
    );
  }
  const { verification, upgrades, diagnostics } = report;
  return (
    <>
      <Panel
        title={t('one.chain')}
        aside={
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconDownload size={15} />}
            onClick={() => saveText(`${fix.id}.json`, JSON.stringify(report, null, 2), 'application/json')}
          >
            {t('one.reportDownload')}
          </Button>
        }
      >
        <DigestChain report={report} tag={fix.newTag} promoted={fix.newImageUuid !== null} />
      </Panel>
      {verification !== null && <Verification verification={verification} />}
      <Documents report={report} />
      {upgrades.length > 0 && (
        <Panel title={t('one.packages')} aside={<Count value={upgrades.length} />}>
          <ul className={classes.list}>
            {upgrades.map((one) => (
              <li key={`${one.name} ${one.arch} ${one.to}`} className={classes.upgrade}>
                <VersionStep name={one.name} from={one.from} to={one.to} />
                <bdi className={classes.quiet}>{one.repository}</bdi>
                <Digest value={`sha256:${one.sha256}`} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {diagnostics.length > 0 && (
        <Panel title={t('one.diagnostics')} aside={<Count value={diagnostics.length} />}>
          <ul className={classes.list}>
            {diagnostics.map(({ code, message }) => (
              <li key={`${code} ${message}`} className={classes.remark}>
                <code>{code}</code>
                <bdi>{message}</bdi>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function Verification({ verification }: { readonly verification: NonNullable<FixReport['verification']> }) {
  const { t } = useTranslation('fixes');
  const { remaining, introduced, sideEffects, integrity, report } = verification;
  return (
    <Panel title={t('one.verification')}>
      <Facts
        items={[
          [t('one.remainingFindings'), <Ids key="r" ids={remaining} />],
          [t('one.introduced'), <Ids key="i" ids={introduced} />],
          [t('one.sideEffects'), <Ids key="s" ids={sideEffects} />],
          [
            t('one.integrity'),
            <span key="f">
              <Count value={integrity.files} />
              {' · '}
              {t('one.mismatches', { count: integrity.mismatches })}
            </span>,
          ],
          [t('one.rescanReport'), <Digest key="d" value={report} />],
        ]}
      />
    </Panel>
  );
}

function Ids({ ids }: { readonly ids: readonly string[] }) {
  return (
    <>
      <Count value={ids.length} />
      {ids.length > 0 && <Clip text={ids.join(', ')} />}
    </>
  );
}

function Documents({ report: { result } }: { readonly report: FixReport }) {
  const { t } = useTranslation('fixes');
  if (result === null) return null;
  return (
    <Panel title={t('one.documents')}>
      {result.referrers.length === 0 ? (
        <p className={classes.quiet}>{t('one.noDocuments')}</p>
      ) : (
        <ul className={classes.list}>
          {result.referrers.map(({ artifactType, digest }) => (
            <li key={digest} className={classes.document}>
              <bdi>{artifactType}</bdi>
              <Digest value={digest} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
