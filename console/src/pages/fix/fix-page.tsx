import { Skeleton } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useImageHead } from '../../api/image-heads.ts';
import { Link } from '../../app/link.tsx';
import { ErrorState } from '../../components/feedback/states.tsx';
import { Elapsed } from '../../components/fix/elapsed.tsx';
import { orderedBy } from '../../components/fix/log.ts';
import { Page } from '../../components/page/page.tsx';
import { PageTabs } from '../../components/page/page-tabs.tsx';
import { imageText } from '../../components/show/image-name.tsx';
import { Time } from '../../components/show/values.tsx';
import { DifferenceTab } from './difference-tab.tsx';
import { FixActionsBar } from './fix-actions-bar.tsx';
import classes from './fix-page.module.css';
import { Hero } from './hero.tsx';
import { LogTab } from './log-tab.tsx';
import { OutcomesTab } from './outcomes-tab.tsx';
import { ProofTab } from './proof-tab.tsx';
import { type FixFacts, useFix } from './use-fix.ts';

/** One fix: how it stands, the way it went, what became of each vulnerability, and what proves it. */
export function FixPage() {
  const { t } = useTranslation('fixes');
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const { facts, error, retry } = useFix(id);
  const head = useImageHead(facts?.fix.imageUuid ?? null).data;
  const name = head == null ? null : imageText(head);
  const title = name === null ? t('one.titlePlain') : t('one.title', { image: name });
  const trail = <Link to="/fixes">{t('title')}</Link>;
  if (facts === null) {
    return (
      <Page title={t('one.titlePlain')} trail={trail}>
        {error == null ? (
          <>
            <Skeleton height={232} radius="lg" />
            <Skeleton height={320} radius="lg" />
          </>
        ) : (
          <ErrorState error={error} retry={retry} />
        )}
      </Page>
    );
  }
  return (
    <Page title={title} trail={trail} subtitle={<Subtitle facts={facts} />} actions={<FixActionsBar facts={facts} />}>
      <Hero facts={facts} />
      <PageTabs
        tabs={[
          { id: 'outcomes', label: t('one.tab.outcomes'), count: facts.rows.length },
          ...(facts.difference === null ? [] : [{ id: 'difference', label: t('one.tab.difference') }]),
          { id: 'proof', label: t('one.tab.proof') },
          { id: 'log', label: t('one.tab.log'), count: facts.log.length },
        ]}
      >
        {(tab) => {
          if (tab === 'difference' && facts.difference !== null) {
            return <DifferenceTab fix={facts.fix} difference={facts.difference} />;
          }
          if (tab === 'proof') return <ProofTab facts={facts} />;
          if (tab === 'log') return <LogTab facts={facts} />;
          return <OutcomesTab rows={facts.rows} counts={facts.counts} />;
        }}
      </PageTabs>
    </Page>
  );
}

function Subtitle({ facts: { fix, log } }: { readonly facts: FixFacts }) {
  const { t } = useTranslation('fixes');
  const by = orderedBy(log);
  const { createdAt, finishedAt, newTag, trigger, imageUuid } = fix;
  return (
    <span className={classes.subtitle}>
      <span className={classes.tags}>
        <Link to={`/images/${imageUuid}`}>{t('one.sourceImage')}</Link>
        <IconArrowRight size={14} aria-label="→" />
        <bdi className={classes.tag}>{newTag}</bdi>
      </span>
      <span>{by === null ? t('one.via', { trigger: t(`trigger.${trigger}`) }) : t('one.by', { name: by })}</span>
      <Time at={createdAt} />
      <span>
        {finishedAt === null ? t('one.since') : t('one.took')}{' '}
        <Elapsed from={Date.parse(createdAt)} to={finishedAt === null ? null : Date.parse(finishedAt)} />
      </span>
    </span>
  );
}
